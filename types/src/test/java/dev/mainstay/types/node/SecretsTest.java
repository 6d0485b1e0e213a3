package dev.mainstay.types.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void takesOutWhatIsAssignedToAPassword() {
        assertThat(Secrets.hidden("mount -o username=anna,password=hunter2,ro -- //srv/share /mnt"))
                .isEqualTo("mount -o username=anna,password=***,ro -- //srv/share /mnt");
        assertThat(Secrets.hidden("PGPASSWORD=hunter2 psql")).isEqualTo("PGPASSWORD=*** psql");
    }

    @Test
    void takesOutTheUserOfAUrl() {
        assertThat(Secrets.hidden("cannot reach https://anna:hunter2@host/share"))
                .isEqualTo("cannot reach https://***@host/share");
        assertThat(Secrets.hidden("https://host/users/a@b")).isEqualTo("https://host/users/a@b");
    }

    @Test
    void takesOutTheValuesOfSecretSettingsWhereverTheyAreSaid() {
        assertThat(Secrets.hidden("login as anna with hunter2 failed", Map.of("passwd", "hunter2", "user", "anna")))
                .isEqualTo("login as anna with *** failed");
    }
}
