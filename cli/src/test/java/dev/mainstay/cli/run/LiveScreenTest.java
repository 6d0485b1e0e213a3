package dev.mainstay.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiveScreenTest {
    @Test
    void keepsTheHeadOfATableThatIsTooLongForTheTerminal() {
        assertThat(LiveScreen.fitting(List.of("HEAD", "a", "b", "c"), 3))
                .containsExactly("HEAD", "a", "... and 2 more lines; see them all with:  mainstay status");
    }

    @Test
    void showsATableThatFitsAsItIs() {
        assertThat(LiveScreen.fitting(List.of("HEAD", "a"), 2)).containsExactly("HEAD", "a");
    }
}
