package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.ErrorView.Problem;
import dev.mainstay.api.PropertyValues;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.service.manifest.PropertyEdit;
import io.avaje.jsonb.Jsonb;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Answers who changes private properties of one resource: judged by their description, then by the type itself,
/// then written as one entry, unless the configuration changed meanwhile.
final class Properties {
    /// Somebody else's change in between is rare; more than this many in a row is a fight.
    private static final int ATTEMPTS = 5;

    private final Surroundings surroundings;
    private final Actions actions;
    private final Jsonb jsonb;

    Properties(Surroundings surroundings, Actions actions, Jsonb jsonb) {
        this.surroundings = surroundings;
        this.actions = actions;
        this.jsonb = jsonb;
    }

    Reply set(Call call) throws InterruptedException {
        var values = values(call);
        for (var attempt = 1; ; attempt++) {
            try {
                return set(call, values);
            } catch (ClusterException refused) {
                if (refused.code() != ErrorCode.CONFIGURATION_CHANGED || attempt == ATTEMPTS) {
                    throw refused;
                }
            }
        }
    }

    private Reply set(Call call, PropertyValues values) throws InterruptedException {
        var state = surroundings.cluster().state();
        var present = Reads.resource(state, call.name());
        var id = present.settings().id();
        var types = surroundings.types().get();
        var edit = switch (PropertyEdit.of(state, present, values.set(), values.unset(), types)) {
            case PropertyEdit.Good good -> good;
            case PropertyEdit.Broken broken -> throw refused(id, broken.problems());
        };
        var objection = surroundings.typeCheck().objection(id, edit.settings().properties());
        if (objection.isPresent()) {
            throw Query.bad(
                    "set properties of resource '%s': its type refuses them: %s".formatted(id, objection.get()),
                    "Nothing was changed.");
        }
        var checked = PlanCheck.of(
                edit.plan(), surroundings, state, (_, message, advice) -> new Problem("", 1, 1, message, advice));
        if (!checked.problems().isEmpty()) {
            throw refused(id, checked.problems());
        }
        var plan = checked.plan();
        var dryRun = call.query().flag("dryRun");
        if (dryRun || plan.changes().isEmpty()) {
            return new Reply.Json(200, jsonb.toJson(plan.view()));
        }
        call.requireConfigRevision(plan.configRevision());
        var manner = call.manner(Duration.ZERO);
        var done = actions.decide(plan.command(), "set properties of resource '%s'".formatted(id), manner);
        actions.awaitRevision(done.revision());
        return new Reply.Json(200, jsonb.toJson(plan.applied(done.revision())));
    }

    private PropertyValues values(Call call) {
        var values = JsonBody.read(
                jsonb,
                PropertyValues.class,
                call,
                "set properties of resource '%s'".formatted(call.name()),
                "{\"set\": {\"port\": \"8080\"}, \"unset\": []}");
        if (values.set().isEmpty() && values.unset().isEmpty()) {
            throw Query.bad(
                    "set properties of resource '%s': none is named".formatted(call.name()), "Name one: NAME=VALUE.");
        }
        return values;
    }

    private static ClusterException refused(ResourceId id, List<Problem> problems) {
        return Query.bad(
                "set properties of resource '%s': %s"
                        .formatted(id, problems.stream().map(Problem::message).collect(Collectors.joining("; "))),
                problems.stream().map(Problem::advice).distinct().collect(Collectors.joining(" "))
                        + " Nothing was changed.");
    }
}
