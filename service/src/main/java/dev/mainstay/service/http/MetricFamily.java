package dev.mainstay.service.http;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.SortedMap;
import java.util.function.Supplier;

/// One metric with its values, while they are put together.
abstract sealed class MetricFamily {
    /// Adds a value.
    ///
    /// @param labels names and values in turn
    abstract MetricFamily with(double value, String... labels);

    /// Adds how values are spread, for a summary.
    MetricFamily with(long count, SortedMap<Double, Double> quantiles, String... labels) {
        throw new IllegalStateException("only a summary has quantiles");
    }

    abstract MetricSnapshot snapshot();

    /// What may go up and down.
    static MetricFamily gauge(String name, String help) {
        var built = GaugeSnapshot.builder().name(name).help(help);
        return new Plain(
                (value, labels) -> built.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()),
                built::build);
    }

    /// What only goes up, until its monitor starts anew; its name ends in `_total` where it is shown.
    static MetricFamily counter(String name, String help) {
        var built = CounterSnapshot.builder().name(name).help(help);
        return new Plain(
                (value, labels) -> built.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()),
                built::build);
    }

    /// How values are spread; without their sum, which monitors do not tell.
    static MetricFamily summary(String name, String help) {
        return new Summary(SummarySnapshot.builder().name(name).help(help));
    }

    private interface Point {
        void add(double value, Labels labels);
    }

    private static final class Plain extends MetricFamily {
        private final Point point;
        private final Supplier<MetricSnapshot> built;

        Plain(Point point, Supplier<MetricSnapshot> built) {
            this.point = point;
            this.built = built;
        }

        @Override
        MetricFamily with(double value, String... labels) {
            point.add(value, Labels.of(labels));
            return this;
        }

        @Override
        MetricSnapshot snapshot() {
            return built.get();
        }
    }

    private static final class Summary extends MetricFamily {
        private final SummarySnapshot.Builder built;

        Summary(SummarySnapshot.Builder built) {
            this.built = built;
        }

        @Override
        MetricFamily with(double value, String... labels) {
            throw new IllegalStateException("a summary has quantiles, not one value");
        }

        @Override
        MetricFamily with(long count, SortedMap<Double, Double> quantiles, String... labels) {
            var all = quantiles.entrySet().stream()
                    .map(one -> new Quantile(one.getKey(), one.getValue()))
                    .toList();
            built.dataPoint(SummaryDataPointSnapshot.builder()
                    .count(count)
                    .quantiles(Quantiles.of(all))
                    .labels(Labels.of(labels))
                    .build());
            return this;
        }

        @Override
        MetricSnapshot snapshot() {
            return built.build();
        }
    }
}
