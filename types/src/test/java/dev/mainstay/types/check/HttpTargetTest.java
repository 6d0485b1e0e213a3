package dev.mainstay.types.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.ResourceFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTargetTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            http://web_1.shop_net/health,      web_1.shop_net,  80,   /health,        web_1.shop_net
            https://web-1:8443,                web-1,           8443, /,              web-1:8443
            http://[fe80::1%25eth0]:8080/a?b,  fe80::1%eth0,    8080, /a?b,           [fe80::1]:8080
            http://[::1]/,                     ::1,             80,   /,              [::1]
            HTTP://u:p@127.0.0.1:81/x#part,    127.0.0.1,       81,   /x,             127.0.0.1:81
            http://münchen.example/ä,          xn--mnchen-3ya.example, 80, /%C3%A4,   xn--mnchen-3ya.example
            """)
    void readsWhomToAskForWhat(String url, String host, int port, String path, String field) throws Exception {
        var page = HttpTarget.of("r", "url", url);

        assertThat(page.host()).isEqualTo(host);
        assertThat(page.port()).isEqualTo(port);
        assertThat(page.path()).isEqualTo(path);
        assertThat(page.hostField()).isEqualTo(field);
    }

    @Test
    void sendsUserAndPasswordAndShowsNeitherThemNorTheQuery() throws Exception {
        var page = HttpTarget.of("r", "url", "http://anna:p%40ss+%C3%A4@10.0.0.1:8080/health?token=hidden");

        assertThat(page.shown()).isEqualTo("http://10.0.0.1:8080/health?...");
        assertThat(page.path()).isEqualTo("/health?token=hidden");
        assertThat(page.credentials())
                .contains(
                        "Basic " + Base64.getEncoder().encodeToString("anna:p@ss+ä".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://anna:secret@",
                "http://anna:secret@host:99999/",
                "http://anna:sec ret@host/",
                "http://anna:secret/half@host:x/",
                "ftp://anna:secret@host/",
                "http://anna:secret@[zz]/",
            })
    void refusesWhatNamesNobodyWithoutRepeatingThePassword(String url) {
        assertThatThrownBy(() -> HttpTarget.of("r", "url", url))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageStartingWith("reading url of 'r': ")
                .hasMessageEndingWith("Write http://host:port/path")
                .hasMessageNotContainingAny("secret", "sec ret", "anna");
    }
}
