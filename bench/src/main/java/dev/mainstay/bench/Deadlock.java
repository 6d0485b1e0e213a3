package dev.mainstay.bench;

import dev.mainstay.api.EventView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A check that never returns beside two hundred resources that are well: until the call is declared hung, until
/// all others are adopted by the next monitor, and whether any of them was restarted.
final class Deadlock {
    private static final int BYSTANDERS = 200;
    private static final int ROUNDS = 5;
    private static final Duration SETTLING = Duration.ofSeconds(8);
    private static final Duration SELDOM = Duration.ofMillis(200);
    private static final int FACTS_MAX = 1_000;
    private static final Pattern LASTED = Pattern.compile("has not returned for (\\d+) ms");

    private Deadlock() {}

    static Map<String, Double> run(Installation installation) throws Exception {
        System.out.printf(
                "deadlock: %d times a check that hangs (deadlock timeout 2 s) beside %d processes%n",
                ROUNDS, BYSTANDERS);
        var late = new double[ROUNDS];
        var adopted = new double[ROUNDS];
        double restarted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (var service = installation.start()) {
                var round = once(service);
                late[i] = round.lateMillis;
                adopted[i] = round.adoptedMillis;
                restarted += round.restarted;
                System.out.printf(
                        "  round %d: declared %.1f ms after its deadline, all adopted %.0f ms later, %.0f restarted%n",
                        i + 1, late[i], adopted[i], round.restarted);
            }
        }
        var figures = new LinkedHashMap<String, Double>();
        figures.put("declared_late_ms", Figures.percentile(late, 1));
        figures.put("bystanders_adopted_ms", Figures.median(adopted));
        figures.put("bystanders_adopted_max_ms", Figures.percentile(adopted, 1));
        figures.put("bystanders_restarted", restarted);
        return figures;
    }

    private record Round(double lateMillis, double adoptedMillis, double restarted) {}

    private static Round once(Installation.Service service) throws IOException {
        var mark = service.data().resolve("hang");
        service.bringOnline("all", manifest(service, mark));
        LockSupport.parkNanos(SETTLING.toNanos());
        var before = processes(service.data());
        if (before.size() != BYSTANDERS) {
            throw new IOException("%d processes of bystanders instead of %d".formatted(before.size(), BYSTANDERS));
        }
        Files.writeString(mark, "");
        Installation.await("the incident", SELDOM, () -> incident(service) != null);
        Installation.await(
                "all adopted",
                SELDOM,
                () -> service.client().monitors().stream()
                        .anyMatch(one -> one.name().equals("default")
                                && one.state().equals("ready")
                                && one.resources().size() == BYSTANDERS));
        Files.delete(mark);
        Installation.await(
                "the culprit online",
                SELDOM,
                () -> service.client().resource("culprit").state().equals("online"));
        Installation.await("the fact of the adoption", SELDOM, () -> adoptedMicros(service) > 0);
        var found = Objects.requireNonNull(incident(service));
        long since = Long.parseLong(found.fields().getOrDefault("sinceMicros", "0"));
        long limit = Long.parseLong(found.fields().getOrDefault("limitMillis", "0"));
        long lasted = lastedMillis(found.text());
        long declared = since + lasted * 1_000;
        var after = processes(service.data());
        var lost = new TreeSet<>(before);
        lost.removeAll(after);
        return new Round(lasted - limit, (adoptedMicros(service) - declared) / 1e3, lost.size());
    }

    /// How long the call had lasted when it was given up.
    private static long lastedMillis(String text) {
        var found = LASTED.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("the journal does not say how long the call lasted: " + text);
        }
        return Long.parseLong(found.group(1));
    }

    private static @Nullable EventView incident(Installation.Service service) {
        return fact(service, "ResourceDeadlocked");
    }

    private static long adoptedMicros(Installation.Service service) {
        var fact = fact(service, "ResourcesAdopted");
        return fact == null ? 0 : Long.parseLong(fact.fields().getOrDefault("adoptedMicros", "0"));
    }

    private static @Nullable EventView fact(Installation.Service service, String event) {
        var after = "";
        for (var facts = service.client().events(after, FACTS_MAX);
                !facts.isEmpty();
                facts = service.client().events(after, FACTS_MAX)) {
            for (var one : facts) {
                if (one.event().equals(event)) {
                    return one;
                }
            }
            after = facts.getLast().id();
        }
        return null;
    }

    /// The bystanders by pid and start time.
    private static Set<String> processes(Path data) throws IOException {
        return Processes.marked(data).stream()
                .filter(seen -> seen.command().startsWith("/bin/sleep\0infinity"))
                .map(seen -> seen.pid() + "@" + seen.startTicks())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String manifest(Installation.Service service, Path mark) throws IOException {
        var script = service.data().resolve("culprit.sh");
        Files.writeString(script, """
                #!/bin/sh
                while [ "$1" = isalive ] && [ -e %s ]; do sleep 0.05; done
                exit 0
                """.formatted(mark));
        if (!script.toFile().setExecutable(true)) {
            throw new IOException("the script cannot be made executable");
        }
        var text = new StringBuilder("""
                groups:
                  all:
                    resources:
                      culprit:
                        type: script
                        properties: {scriptFilePath: "%s", checkTimeout: 1h}
                        isAliveInterval: 200ms
                        deadlockTimeout: 2s
                        restart: {delay: 0ms, threshold: 1000}
                """.formatted(script));
        for (int i = 0; i < BYSTANDERS; i++) {
            text.append("      idle-%d: {type: process, properties: {command: [/bin/sleep, infinity]}}%n".formatted(i));
        }
        return text.toString();
    }
}
