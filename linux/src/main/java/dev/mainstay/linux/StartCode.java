package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;

/// Some sixty instructions that make a child process and walk a table of system calls in it.
///
/// Between the birth of a child that shares our memory and the start of its program no Java may run, and no C
/// library either: it would find locks that nobody in the child opens. So it is machine code, and all it can do is
/// what the table says. It blocks every signal, makes the child by the call given, and gives the caller its
/// signals back. In the child it uses no stack and writes nothing but the results that the table wants and the
/// call that failed. Its source is in ADR 0025.
final class StartCode {
    /// Where things stand in the memory that is handed to the code.
    static final long BLOCKED = 0;

    static final long BIRTH = 16;
    static final long COUNT = 72;
    static final long TABLE = 80;
    static final long FAILED = 88;
    static final long ANSWER = 96;
    static final long BYTES = 104;

    private static final long READ_AND_WRITE = 3;
    private static final long READ_AND_EXECUTE = 5;
    private static final long PRIVATE_AND_ANONYMOUS = 0x22;
    private static final long PAGE_BYTES = 4096;

    private static final String AMD64 = """
            5355415441554889fbb80e000000bf020000004889de488d530841ba080000000f05488b4310488b7b18488b
            7320488b53284c8b53304c8b43384c8b4b400f054885c074254889c5b80e000000bf02000000488d730831d2
            41ba080000000f054889e8415d415c5d5bc34531e44c8b6b504c3b6348735f498b4500498b7d08498b751049
            8b55184d8b55204d8b45284d8b4d304883f8ff74040f05eb03488b07498b55484885d27403488902498b4d38
            4883f901740f77074885c07811eb06493b4540750949ffc44983c550eba34c89635848894360bf7d000000b8
            e70000000f05ebf2
            """;

    private static final String AARCH64 = """
            f353bea9f55b01a9f30300aae81080d2400080d2e10313aa62220091030180d2010000d4680a40f9608641a9
            628e42a9649643a9010000d4800100b4f40300aae81080d2400080d261220091020080d2030180d2010000d4
            e00314aaf55b41a9f353c2a8c0035fd6140080d2752a40f9762640f99f0216eb42030054a80240a9a10a41a9
            a31242a9a51a40f91f0500b160000054010000d402000014000040f9a92640f9490000b4200100f9aaae43a9
            5f0500f1c000005468000054e000f8b7030000141f000beb8100005494060091b5420191e8ffff17742e00f9
            603200f9a00f80d2c80b80d2010000d4fdffff17
            """;

    private static final MethodHandle CODE = load();

    private StartCode() {}

    /// Makes the child; returns its pid or the negative error number.
    ///
    /// @param order laid out as above; must stay until the child has become its program
    static long run(MemorySegment order) {
        try {
            return (long) CODE.invokeExact(order.address());
        } catch (Throwable bug) {
            throw new IllegalStateException("the code that starts programs cannot be called", bug);
        }
    }

    /// Makes the code ready, which happens once.
    static void prepare() {
        CODE.type();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle load() {
        var text = SystemCall.byMachine(0, 1) == 0 ? AMD64 : AARCH64;
        var code = HexFormat.of().parseHex(text.replace("\n", ""));
        var address = SystemCall.demand(
                "making room for the code that starts programs",
                SystemCall.MAP_MEMORY,
                0,
                PAGE_BYTES,
                READ_AND_WRITE,
                PRIVATE_AND_ANONYMOUS,
                -1,
                0);
        var room = MemorySegment.ofAddress(address);
        room.reinterpret(PAGE_BYTES).copyFrom(MemorySegment.ofArray(code));
        // when a page that was written becomes executable, the kernel makes the processor see what was written
        SystemCall.demand(
                "making the code that starts programs executable",
                SystemCall.PROTECT_MEMORY,
                address,
                PAGE_BYTES,
                READ_AND_EXECUTE);
        return Linker.nativeLinker().downcallHandle(room, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    }
}
