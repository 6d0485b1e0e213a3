package dev.mainstay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountTest {
    private static final String LINE =
            "36 35 98:0 /part /srv/a\\040b rw,noatime master:1 shared:2 - ext4 /dev/sdb1 rw,errors=remount-ro";

    @Test
    void readsALineWithBlanksInItsPathAndAnyNumberOfTags() {
        var mount = Mount.parse(LINE).orElseThrow();

        assertThat(mount.id()).isEqualTo(36);
        assertThat(mount.parent()).isEqualTo(35);
        assertThat(mount.point()).isEqualTo("/srv/a b");
        assertThat(mount.options()).containsExactly("rw", "noatime");
        assertThat(mount.type()).isEqualTo("ext4");
        assertThat(mount.source()).isEqualTo("/dev/sdb1");
        assertThat(mount.readOnly()).isFalse();
        assertThat(Mount.parse(LINE.replace(" master:1 shared:2", ""))).isPresent();
    }

    @Test
    void isReadOnlyByTheMountTheFileSystemOrAnError() {
        assertThat(Mount.parse(LINE.replace("rw,noatime", "ro,noatime"))
                        .orElseThrow()
                        .readOnly())
                .isTrue();
        assertThat(Mount.parse(LINE.replace("rw,errors", "ro,errors"))
                        .orElseThrow()
                        .readOnly())
                .isTrue();
        assertThat(Mount.parse(LINE + ",emergency_ro").orElseThrow().readOnly()).isTrue();
    }

    @Test
    void knowsItsDeviceByNumbersOrNameButNoneThatIsShared() {
        var mount = Mount.parse(LINE).orElseThrow();

        assertThat(mount.shows("98:0", "anything")).isTrue();
        assertThat(mount.shows("0:50", "/dev/sdb1")).isTrue();
        assertThat(mount.shows("98:1", "/dev/sdb2")).isFalse();
        var memory = Mount.parse("40 35 0:50 / /m rw - tmpfs tmpfs rw").orElseThrow();
        assertThat(memory.shows("0:50", "tmpfs")).isFalse();
    }

    @Test
    void whatIsNoLineIsNoMount() {
        assertThat(Mount.parse("")).isEmpty();
        assertThat(Mount.parse("a b c d e f - g h i")).isEmpty();
        assertThat(Mount.parse("36 35 98:0 / /x rw")).isEmpty();
    }
}
