package dev.mainstay.monitor.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedStateTest {
    @BeforeEach
    void keep() {
        SharedState.keep();
    }

    @AfterEach
    void putBack() {
        SharedState.putBack();
        SharedState.forget();
    }

    @Test
    void saysNothingWhileNothingChanged() {
        assertThat(SharedState.putBack()).isEmpty();
    }

    @Test
    void namesWhatBecameOfLocaleAndTimeZoneAndPutsThemBack() {
        var locale = Locale.getDefault();
        var zone = TimeZone.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));

        assertThat(SharedState.putBack()).contains("the locale became 'tr_TR'", "the time zone became 'Asia/Tokyo'");
        assertThat(Locale.getDefault()).isEqualTo(locale);
        assertThat(TimeZone.getDefault()).isEqualTo(zone);
        assertThat(SharedState.putBack()).isEmpty();
    }

    @Test
    void namesTheHandlerOfUncaughtExceptionsAndPutsItBack() {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});

        assertThat(SharedState.putBack()).contains("the handler of uncaught exceptions became a 'dev.mainstay");
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isEqualTo(before);
    }

    @Test
    void putsPropertiesOfTheJdkBackAndLetsOthersStand() {
        System.setProperty("user.dir.of.this.test", "x");
        System.setProperty("acme.mode", "fast");
        try {
            assertThat(SharedState.putBack())
                    .contains("'user.dir.of.this.test' was set to 'x'", "'acme.mode' was set to 'fast', which stays");
            assertThat(System.getProperty("user.dir.of.this.test")).isNull();
            assertThat(System.getProperty("acme.mode")).isEqualTo("fast");
            assertThat(SharedState.putBack()).isEmpty();
        } finally {
            System.clearProperty("acme.mode");
        }
    }
}
