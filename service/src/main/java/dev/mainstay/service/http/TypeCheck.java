package dev.mainstay.service.http;

import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks types what they think of properties, through a monitor of this node.
///
/// **Threads:** any; may block.
@FunctionalInterface
public interface TypeCheck {
    /// What is wrong with these properties, if the resource is hosted here and its type finds something.
    ///
    /// @param properties all private properties as they would be
    Optional<String> objection(ResourceId resource, Map<String, List<String>> properties) throws InterruptedException;

    /// What the types say of settings before resources get them, in the order of the settings; nothing of those
    /// that could not be asked in time.
    default List<Verdict> verdicts(List<ResourceSettings> settings) throws InterruptedException {
        return List.of();
    }

    /// What a type says of settings.
    ///
    /// @param wrong why they cannot work on any node
    /// @param missing what this node lacks now
    record Verdict(List<String> wrong, List<Missing> missing) {
        /// Nothing stands against them.
        public static final Verdict NOTHING = new Verdict(List.of(), List.of());

        /// Copies the lists.
        public Verdict {
            wrong = List.copyOf(wrong);
            missing = List.copyOf(missing);
        }
    }

    /// Something that this node lacks now.
    ///
    /// @param words what
    /// @param at the file or folder as it is written, or empty
    /// @param leadsTo the same behind all links
    record Missing(String words, String at, String leadsTo) {}
}
