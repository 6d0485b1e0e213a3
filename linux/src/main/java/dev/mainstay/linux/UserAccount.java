package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A user of this node with all groups.
///
/// @param userId the number the kernel knows the user by
/// @param groupId the number of the user's own group
/// @param groups the numbers of all groups, the own one included
public record UserAccount(String name, long userId, long groupId, List<Long> groups, String home) {
    private static final int FIRST_ROOM = 16 << 10;
    private static final int LAST_ROOM = 16 << 20;
    private static final int FIRST_GROUPS = 64;
    private static final int GROUPS_MAX = 65_536;
    private static final int ROOM_IS_SHORT = 34;
    /// `struct passwd` of 64-bit Linux, in every C library.
    private static final long PASSWD_BYTES = 48;

    private static final long USER_AT = 16;
    private static final long GROUP_AT = 20;
    private static final long HOME_AT = 32;

    /// Copies the list.
    public UserAccount {
        groups = List.copyOf(groups);
    }

    /// Looks a user up by name, as every program of the node would: in the list of accounts and by what the node
    /// asks besides, such as a directory server. The bytes of other users' lines do not matter.
    ///
    /// **Time:** as long as the name service takes; call it where nobody else waits.
    public static Optional<UserAccount> named(String name) throws IOException {
        try (var arena = Arena.ofConfined()) {
            for (int room = FIRST_ROOM; ; room *= 4) {
                var found = SystemCall.allocate(arena, PASSWD_BYTES);
                var result = arena.allocate(ADDRESS);
                var text = SystemCall.allocate(arena, room);
                int answer = (int) Library.USER_BY_NAME.invokeExact(
                        arena.allocateFrom(name, StandardCharsets.UTF_8), found, text, (long) room, result);
                if (answer == ROOM_IS_SHORT && room < LAST_ROOM) {
                    continue;
                }
                if (result.get(JAVA_LONG, 0) == 0) {
                    return absent(answer, name);
                }
                return Optional.of(read(arena, name, found, text));
            }
        } catch (IOException trouble) {
            throw trouble;
        } catch (Throwable bug) {
            throw new IllegalStateException("the C library cannot be asked for a user", bug);
        }
    }

    /// Makes the calling thread, and no other, work on files with the rights of this user. It keeps them: the
    /// thread must end after its work.
    public void takeFileRights() throws IOException {
        try (var arena = Arena.ofConfined()) {
            SystemCall.tried(
                    "taking the groups of '" + name + "'", SystemCall.SET_GROUPS, groups.size(), numbers(arena));
            SystemCall.call(SystemCall.SET_FILE_GROUP, groupId);
            SystemCall.call(SystemCall.SET_FILE_USER, userId);
            // these two answer what was before; asked again they tell whether it was done
            if (SystemCall.call(SystemCall.SET_FILE_GROUP, -1) != groupId
                    || SystemCall.call(SystemCall.SET_FILE_USER, -1) != userId) {
                throw new IOException("taking the rights of '" + name + "': the kernel does not allow it");
            }
        }
    }

    /// Adds the steps by which a new process becomes this user.
    void become(StartTable table, Arena arena) {
        var user = "becoming user '" + name + "'";
        table.call(user + " (its groups)", SystemCall.SET_GROUPS, groups.size(), numbers(arena));
        table.call(user + " (its own group)", SystemCall.SET_GROUP_IDS, groupId, groupId, groupId);
        table.call(user, SystemCall.SET_USER_IDS, userId, userId, userId);
    }

    private long numbers(Arena arena) {
        var numbers = groups.stream().mapToInt(Long::intValue).toArray();
        return arena.allocateFrom(JAVA_INT, numbers).address();
    }

    /// Error numbers with which C libraries say that there is no such user: 0, ENOENT, ESRCH, EBADF, EPERM.
    private static Optional<UserAccount> absent(int answer, String name) throws IOException {
        if (answer == 0 || answer == 2 || answer == SystemCall.ESRCH || answer == 9 || answer == 1) {
            return Optional.empty();
        }
        throw new IOException(
                "the name service does not answer for '%s': %s".formatted(name, ErrorNumber.words(answer)));
    }

    private static UserAccount read(Arena arena, String name, MemorySegment found, MemorySegment text)
            throws Throwable {
        var user = Integer.toUnsignedLong(found.get(JAVA_INT, USER_AT));
        var group = found.get(JAVA_INT, GROUP_AT);
        for (int most = FIRST_GROUPS; ; most = GROUPS_MAX) {
            var count = arena.allocateFrom(JAVA_INT, most);
            var list = arena.allocate(JAVA_INT, most);
            int answer = (int) Library.GROUPS_OF_USER.invokeExact(
                    arena.allocateFrom(name, StandardCharsets.UTF_8), group, list, count);
            if (answer < 0 && most < GROUPS_MAX) {
                continue;
            }
            var groups = new ArrayList<Long>();
            for (int i = 0; i < Math.min(most, count.get(JAVA_INT, 0)); i++) {
                groups.add(Integer.toUnsignedLong(list.getAtIndex(JAVA_INT, i)));
            }
            var home = string(text, found.get(JAVA_LONG, HOME_AT) - text.address());
            return new UserAccount(name, user, Integer.toUnsignedLong(group), groups, home);
        }
    }

    private static String string(MemorySegment text, long at) {
        var end = at;
        while (text.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return new String(text.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// Linked when the first user is looked up.
    private static final class Library {
        private static final MethodHandle USER_BY_NAME =
                link("getpwnam_r", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        private static final MethodHandle GROUPS_OF_USER =
                link("getgrouplist", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));

        private Library() {}

        @SuppressWarnings("restricted")
        private static MethodHandle link(String name, FunctionDescriptor shape) {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
        }
    }
}
