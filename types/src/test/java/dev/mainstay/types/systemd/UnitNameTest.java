package dev.mainstay.types.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.ResourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {
    @ParameterizedTest
    @CsvSource({
        "nginx, nginx.service",
        "nginx.service, nginx.service",
        "com.example.shop, com.example.shop.service",
        "app-1.2, app-1.2.service",
        "getty@tty1, getty@tty1.service",
        "db@a.b, db@a.b.service",
        "backup.timer, backup.timer",
        "srv-data.mount, srv-data.mount",
    })
    void isAServiceUnlessItNamesAnotherTypeOfUnit(String given, String name) throws Exception {
        assertThat(UnitName.of("r", given)).isEqualTo(name);
    }

    @Test
    void aTemplateCannotRunItself() {
        assertThatThrownBy(() -> UnitName.of("r", "getty@"))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("is a template")
                .hasMessageContaining("getty@1.service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "/etc/x.service", ".ü"})
    void refusesWhatIsNoName(String given) {
        assertThatThrownBy(() -> UnitName.of("r", given)).hasMessageContaining("is no name of a unit");
    }
}
