package dev.mainstay.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.mainstay.protocol.WireCodec.MalformedException;
import dev.mainstay.protocol.WireCodecTest.Kinds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damaged bytes are read or refused, and nothing else: no other exception, no room for what is not there.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WireCodecDamageTest {
    private static final int MUTATIONS = 2_000;
    private static final long SEED = 20261121;
    private static final List<Integer> ODD_NUMBERS =
            List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x10000000, 0x0000ffff);

    /// Bytes and what they are read as.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sound(Class<?> type, byte[] bytes) {
        @Override
        public String toString() {
            return type.getSimpleName() + " of " + bytes.length + " bytes";
        }
    }

    static Stream<Sound> sound() {
        var messages = Samples.all().stream()
                .map(message ->
                        new Sound(Samples.direction(message), WireCodec.encode(Samples.direction(message), message)));
        var kinds = new Sound(Kinds.class, WireCodec.encode(Kinds.class, WireCodecTest.kinds()));
        return Stream.concat(messages, Stream.of(kinds));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void bytesCutOffAnywhereAreRefused(Sound sound) {
        for (int length = 0; length < sound.bytes.length; length++) {
            var cut = Arrays.copyOf(sound.bytes, length);

            assertThatThrownBy(() -> WireCodec.decode(sound.type, cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("sound")
    void anOddNumberAnywhereIsReadOrRefused(Sound sound) {
        for (int at = 0; at + Integer.BYTES <= sound.bytes.length; at++) {
            for (int odd : ODD_NUMBERS) {
                readOrRefuse(
                        sound.type,
                        ByteBuffer.wrap(sound.bytes.clone()).putInt(at, odd).array());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sound")
    void randomDamageIsReadOrRefused(Sound sound) {
        var chance = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            if (!readOrRefuse(sound.type, damaged(sound.bytes, chance))) {
                refused++;
            }
        }
        assertThat(refused).as("refused of %d", MUTATIONS).isGreaterThan(MUTATIONS / 10);
    }

    private static byte[] damaged(byte[] sound, Random chance) {
        var bytes = sound.clone();
        for (int i = chance.nextInt(4); i >= 0; i--) {
            bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
        }
        return switch (chance.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, chance.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + chance.nextInt(64));
            default -> bytes;
        };
    }

    private static boolean readOrRefuse(Class<?> type, byte[] bytes) {
        try {
            WireCodec.decode(type, bytes);
            return true;
        } catch (MalformedException refused) {
            assertThat(refused.getMessage()).hasSizeLessThan(1_000);
            return false;
        } catch (Throwable other) {
            return fail(HexFormat.of().formatHex(bytes) + " is neither read nor refused", other);
        }
    }
}
