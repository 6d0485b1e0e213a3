package dev.mainstay.service.http;

import dev.mainstay.core.state.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the type of a resource what it thinks of new properties, through the monitor that hosts it.
///
/// **Threads:** any; may block.
@FunctionalInterface
public interface TypeCheck {
    /// What is wrong with these properties, if the resource is hosted here and its type finds something.
    ///
    /// @param properties all private properties as they would be
    Optional<String> objection(ResourceId resource, Map<String, List<String>> properties) throws InterruptedException;
}
