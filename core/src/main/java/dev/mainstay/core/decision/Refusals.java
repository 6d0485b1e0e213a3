package dev.mainstay.core.decision;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.Words;

/// The refusals that several policies give, worded once.
final class Refusals {
    private Refusals() {}

    static Decision refuse(Refusal.Code code, String message, String advice) {
        return new Decision.Refused(new Refusal(code, message, advice));
    }

    static Decision noSuchGroup(ClusterState state, GroupId id) {
        return refuse(
                Refusal.Code.NO_SUCH_GROUP,
                "there is no group '%s'".formatted(id),
                "Groups there are: %s.".formatted(Words.list(state.groups().keySet())));
    }

    static Decision noSuchResource(ClusterState state, ResourceId id) {
        return refuse(
                Refusal.Code.NO_SUCH_RESOURCE,
                "there is no resource '%s'".formatted(id),
                "Resources there are: %s."
                        .formatted(Words.list(state.resources().keySet())));
    }

    static Decision noSuchNode(ClusterState state, NodeId id) {
        return refuse(
                Refusal.Code.NO_SUCH_NODE,
                "there is no node '%s'".formatted(id),
                "Nodes there are: %s.".formatted(Words.list(state.nodes().keySet())));
    }

    static Refusal noSuchType(ClusterState state, ResourceId resource, TypeName type) {
        return new Refusal(
                Refusal.Code.NO_SUCH_TYPE,
                "resource '%s' is of type '%s': no such type is registered".formatted(resource, type),
                "Types there are: %s.".formatted(Words.list(state.types().keySet())));
    }

    static Refusal noSuchType(ClusterState state, TypeName type) {
        return new Refusal(
                Refusal.Code.NO_SUCH_TYPE,
                "setting type '%s': no such type is registered".formatted(type),
                "Types there are: %s.".formatted(Words.list(state.types().keySet())));
    }

    static Decision stopping(String asked) {
        return refuse(
                Refusal.Code.STOPPING, "%s: the cluster is being stopped".formatted(asked), "Start it again first.");
    }
}
