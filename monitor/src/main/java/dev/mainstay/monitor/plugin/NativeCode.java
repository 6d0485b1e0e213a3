package dev.mainstay.monitor.plugin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// For which machine a file of native code was made: its ELF header.
///
/// **Source:** System V ABI, chapter 4: class, byte order and machine of an object file.
///
/// @param bits 32 or 64
/// @param order byte order
/// @param machine number of the processor architecture
record NativeCode(int bits, ByteOrder order, int machine) {
    /// How much of a file [#read] looks at, in bytes.
    static final int HEADER_BYTES = 20;

    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int CLASS = 4;
    private static final int DATA = 5;
    private static final int MACHINE = 18;

    /// Processor architectures that a JDK 25 runs on under Linux, and some it does not.
    private enum Machine {
        X86(3, "x86"),
        PPC64(21, "ppc64"),
        S390(22, "s390x"),
        ARM(40, "arm"),
        AMD64(62, "amd64"),
        AARCH64(183, "aarch64"),
        RISCV(243, "riscv64"),
        LOONGARCH(258, "loongarch64");

        private final int number;
        private final String architecture;

        Machine(int number, String architecture) {
            this.number = number;
            this.architecture = architecture;
        }
    }

    /// Reads the first bytes of a file; empty when it is no native code of this format.
    static Optional<NativeCode> read(byte[] header) {
        if (header.length < HEADER_BYTES || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        var order = header[DATA] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int machine = Short.toUnsignedInt(ByteBuffer.wrap(header).order(order).getShort(MACHINE));
        return Optional.of(new NativeCode(header[CLASS] == 2 ? 64 : 32, order, machine));
    }

    /// The code that this JVM can load.
    static NativeCode ofThisJvm() {
        var name = System.getProperty("os.arch");
        var architecture = name.equals("ppc64le") ? Machine.PPC64.architecture : name;
        int machine = Arrays.stream(Machine.values())
                .filter(one -> one.architecture.equals(architecture))
                .mapToInt(one -> one.number)
                .findFirst()
                .orElse(0);
        return new NativeCode(64, ByteOrder.nativeOrder(), machine);
    }

    /// In words for an operator.
    String words() {
        var name = Arrays.stream(Machine.values())
                .filter(one -> one.number == machine)
                .map(one -> one.architecture)
                .findFirst()
                .orElse("machine number " + machine);
        return "%s, %d bits, %s".formatted(name, bits, order == ByteOrder.BIG_ENDIAN ? "big endian" : "little endian");
    }
}
