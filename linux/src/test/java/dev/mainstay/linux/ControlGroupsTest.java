package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ControlGroupsTest {
    private final ControlGroups groups = new ControlGroups(Path.of("/base"));

    @Test
    void makesEveryNameOneFolderBelowTheBase() {
        assertThat(groups.group("mainstay-site/n1", "../x", ".", "a.b").path())
                .isEqualTo(Path.of("/base/mainstay-site%2Fn1/%2E.%2Fx/%2E/a.b"));
    }

    @Test
    void keepsLongNamesApartAndShort() {
        var one = ControlGroups.folderName("n".repeat(300) + "1");
        var two = ControlGroups.folderName("n".repeat(300) + "2");

        assertThat(one).hasSizeLessThan(256).isNotEqualTo(two);
    }
}
