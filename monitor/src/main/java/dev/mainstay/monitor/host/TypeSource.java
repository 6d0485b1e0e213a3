package dev.mainstay.monitor.host;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.util.ArrayList;
import java.util.List;

/// Where a host finds its resource types.
///
/// **Threads:** one at a time.
public interface TypeSource {
    /// Looks for types; what was found before and has not changed is answered as the very same [Found].
    Look look();

    /// Types that never change, as a look at built-in ones finds them.
    static TypeSource of(Iterable<? extends ResourceType> types) {
        var found = new ArrayList<Found>();
        types.forEach(type -> found.add(Found.builtIn(type)));
        return () -> new Look(found, List.of());
    }

    /// What a look found.
    ///
    /// @param refused what could not be used, each with the reason
    record Look(List<Found> types, List<String> refused) {
        /// Copies the lists.
        public Look {
            types = List.copyOf(types);
            refused = List.copyOf(refused);
        }
    }

    /// One type.
    ///
    /// @param description what the type said of itself when it was checked
    /// @param plugin where it was loaded from, or empty for a built-in type
    /// @param uses is told of its instances
    record Found(ResourceType type, TypeDescription description, String plugin, Uses uses) {
        /// A built-in type.
        public static Found builtIn(ResourceType type) {
            return new Found(type, type.describe(), "", Uses.UNCOUNTED);
        }
    }

    /// How many instances use a type, so that its code is given back after the last one.
    interface Uses {
        /// For code that stays for as long as the monitor.
        Uses UNCOUNTED = new Uses() {
            @Override
            public void begin() {}

            @Override
            public void end() {}
        };

        /// An instance is about to be opened.
        void begin();

        /// It is closed, or could not be opened.
        void end();
    }
}
