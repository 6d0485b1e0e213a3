package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.EventView;
import dev.mainstay.api.JsonText;
import io.avaje.jsonb.Jsonb;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventStreamTest {
    /// Facts 5.0 to 7.0 are kept.
    private static final class Kept implements Facts {
        private final List<EventView> all = IntStream.rangeClosed(5, 7)
                .mapToObj(revision -> new EventView(revision + ".0", "", "", "", "", "", "", "", "", "", "", Map.of()))
                .toList();
        private final AtomicBoolean asked;

        Kept(AtomicBoolean asked) {
            this.asked = asked;
        }

        @Override
        public List<EventView> after(String id, int limit) {
            return all.stream()
                    .filter(fact -> id.isEmpty() || FactOrder.BY_ID.compare(fact.id(), id) > 0)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<EventView> latest(int limit) {
            return all.subList(all.size() - limit, all.size());
        }

        @Override
        public List<EventView> about(String kind, String name, int limit) {
            return List.of();
        }

        @Override
        public boolean awaitAfter(String id, Duration limit) {
            asked.set(true);
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''   |                                                | 5.0 6.0 7.0",
                "5.0  |                                                | 6.0 7.0",
                "3.1  | {\"after\":\"3.1\",\"goesOnAt\":\"5.0\",       | 5.0 6.0 7.0",
                "9.0  | {\"after\":\"9.0\",\"goesOnAt\":\"7.0\",       | ''",
            })
    void saysWhereItCannotGoOn(String after, String gap, String ids) throws Exception {
        var done = new AtomicBoolean();
        var output = new ByteArrayOutputStream();
        JsonText.permitLongTexts();
        var json = Jsonb.builder().build().type(EventView.class);
        var turns = new int[] {0};

        new EventStream(new Kept(done), json, () -> turns[0]++ > 0).write(after, output);

        var text = output.toString(StandardCharsets.UTF_8);
        assertThat(text.contains("event: gap\n")).isEqualTo(gap != null);
        assertThat(text).contains(gap == null ? "" : "event: gap\ndata: " + gap.strip());
        assertThat(text.lines().filter(line -> line.startsWith("id: ")).map(line -> line.substring(4)))
                .containsExactlyElementsOf(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }
}
