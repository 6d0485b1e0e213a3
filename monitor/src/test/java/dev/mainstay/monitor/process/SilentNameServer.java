package dev.mainstay.monitor.process;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What checks do while a name server keeps silent, and once it speaks; run in namespaces of its own, where it is
/// 127.0.0.1.
final class SilentNameServer implements Runnable {
    private static final Duration LIMIT = Duration.ofMillis(300);
    /// More than the limit, since the machine is busy; far less than the 4 s after which the resolver gives up.
    private static final Duration IN_TIME = Duration.ofMillis(1500);

    private static final int HEADER_BYTES = 12;
    private static final int ADDRESS_RECORD = 1;

    private final Path work;
    private final DatagramSocket socket;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile boolean speaks;

    private SilentNameServer(Path work, DatagramSocket socket) {
        this.work = work;
        this.socket = socket;
    }

    /// @param line the folder to work in
    @SuppressWarnings("SystemOut") // the test that started this reads it
    public static void main(String... line) throws Exception {
        try (var socket = new DatagramSocket(53, InetAddress.getLoopbackAddress());
                var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var server = new SilentNameServer(Path.of(line[0]), socket);
            Thread.ofPlatform().daemon().start(server);
            var port = listening.getLocalPort();
            server.tryOut("tcp", Map.of("address", "silent.test:" + port));
            server.speaks = false;
            server.tryOut("http", Map.of("url", "http://other.test:%d/".formatted(port)));
            System.out.println("passed");
        }
    }

    private void tryOut(String type, Map<String, String> server) throws Exception {
        var set = new HashMap<String, Object>(server);
        set.put("timeout", LIMIT.toMillis() + "ms");
        set.put("startGrace", "700ms");
        try (var supervisor = new ProcessSupervisor("names/" + type)) {
            var desk = TestDesk.of(type, set, work, supervisor.of("r", work));
            var entries = desk.type().open(desk);
            expectNot("online", desk, entries);
            for (int i = 0; i < 2; i++) {
                expect(inTime(entries) instanceof Health.Undecided, "it is undecided at first");
            }
            var third = inTime(entries);
            expect(
                    third instanceof Health.Dead(var why)
                            && why.contains("its name was not resolved within 300 ms; look at")
                            && why.contains("3 times in a row"),
                    "a third in a row is dead, not " + third);
            expect(asked.await(1, TimeUnit.SECONDS), "the name server was asked");
            expect(threads() <= 1, "one thread waits for the resolver, not " + threads());
            if (type.equals("tcp")) {
                speaks = true;
                Eventually.until("it is alive", () -> entries.isAlive() instanceof Health.Alive, entries::isAlive);
            }
        }
    }

    private static void expectNot(String what, TestDesk desk, EntryPoints entries) throws Exception {
        var operation = desk.new Now();
        var begin = System.nanoTime();
        entries.online(operation);
        var took = Duration.ofNanos(System.nanoTime() - begin);
        expect(operation.failure.isPresent(), "it does not come " + what);
        expect(took.compareTo(IN_TIME.plusSeconds(1)) < 0, "it gives up in time, not after " + took);
    }

    private static Health inTime(EntryPoints entries) {
        var begin = System.nanoTime();
        var health = entries.isAlive();
        var took = Duration.ofNanos(System.nanoTime() - begin);
        expect(took.compareTo(IN_TIME) < 0, "a check ends in time, not after " + took);
        return health;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("asking "))
                .count();
    }

    private static void expect(boolean so, String words) {
        if (!so) {
            throw new AssertionError(words);
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                var question = new DatagramPacket(new byte[512], 512);
                socket.receive(question);
                asked.countDown();
                if (speaks) {
                    answer(question);
                }
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    /// 127.0.0.1 for whoever asks for an address of version 4, nothing for version 6.
    private void answer(DatagramPacket question) throws IOException {
        var text = ByteBuffer.wrap(question.getData(), 0, question.getLength());
        var end = HEADER_BYTES;
        while (text.get(end) != 0) {
            end += text.get(end) + 1;
        }
        var type = text.getShort(end + 1);
        var name = end + 5;
        var answer = ByteBuffer.allocate(512);
        var count = (short) (type == ADDRESS_RECORD ? 1 : 0);
        answer.putShort(text.getShort(0))
                .putShort((short) 0x8180)
                .putShort((short) 1)
                .putShort(count);
        answer.putInt(0).put(question.getData(), HEADER_BYTES, name - HEADER_BYTES);
        if (count == 1) {
            answer.putShort((short) 0xc00c).putShort(type).putShort((short) 1).putInt(60);
            answer.putShort((short) 4).put(new byte[] {127, 0, 0, 1});
        }
        socket.send(new DatagramPacket(answer.array(), answer.position(), question.getSocketAddress()));
    }
}
