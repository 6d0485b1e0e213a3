package dev.mainstay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void aPercentileIsASampleThatWasSeen() {
        double[] samples = {5, 1, 4, 2, 3};

        assertThat(Figures.percentile(samples, 50)).isEqualTo(3);
        assertThat(Figures.percentile(samples, 99)).isEqualTo(5);
        assertThat(Figures.percentile(samples, 1)).isEqualTo(1);
    }

    @Test
    void noSampleHasNoPercentile() {
        assertThatThrownBy(() -> Figures.percentile(new double[0], 50)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresAreOneLineOfJsonInTheirOrder() {
        assertThat(Figures.of("b_ms", 1.5).and("a_ms", 20).json()).isEqualTo("{\"b_ms\":1.500,\"a_ms\":20.000}");
    }
}
