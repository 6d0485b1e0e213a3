package dev.mainstay.service.journal;

import dev.mainstay.api.EventView;
import dev.mainstay.api.JsonText;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.avaje.jsonb.Types;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The table of facts in the journal's database file.
///
/// **Threads:** one at a time.
final class FactTable implements AutoCloseable {
    private static final JsonType<Map<String, String>> FIELDS = fields();

    /// The limit of long texts is read once in a process, by the first reader of JSON.
    private static JsonType<Map<String, String>> fields() {
        JsonText.permitLongTexts();
        return Jsonb.instance().type(Types.mapOf(String.class));
    }

    private static final String COLUMNS =
            "revision, number, time, event, group_name, resource, node, rule, text, command, actor, cause, fields";

    private static final String FILE = "journal.db";

    /// Further bits of an error code only tell where it was found.
    private static final int PRIMARY_CODE = 0xff;

    private final Connection connection;

    private FactTable(Connection connection) {
        this.connection = connection;
    }

    /// Whether the database file itself is the trouble, not the disk or a lock.
    static boolean isDamage(SQLException e) {
        return e instanceof SQLiteException cause
                && ((cause.getResultCode().code & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || cause.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB);
    }

    /// Puts a damaged database file out of the way, in place of the one that was set aside before.
    ///
    /// **Order:** nobody has it open.
    static Path setAside(Path directory) throws IOException {
        var old = directory.resolve(FILE + ".damaged");
        if (Files.isDirectory(old)) {
            Files.move(old, directory.resolve(FILE + ".damaged-" + System.currentTimeMillis()));
        }
        var aside = directory.resolve(FILE + ".damaged");
        Files.move(directory.resolve(FILE), aside, StandardCopyOption.REPLACE_EXISTING);
        for (var belongs : List.of("-wal", "-shm")) {
            Files.deleteIfExists(directory.resolve(FILE + belongs));
        }
        return aside;
    }

    /// Opens the database file, and makes it when there is none.
    static FactTable open(Path directory) throws SQLException {
        // The library unpacks its native part into this directory; '/tmp' may forbid executable files.
        var unpacked = directory.resolve("native");
        try {
            Files.createDirectories(unpacked);
            removeUnpacked(unpacked);
        } catch (IOException e) {
            throw new SQLException("cannot prepare the directory '%s': %s".formatted(unpacked, e), e);
        }
        System.setProperty("org.sqlite.tmpdir", unpacked.toString());
        var file = directory.resolve(FILE);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SQLiteException("'%s' is no file".formatted(file), SQLiteErrorCode.SQLITE_NOTADB);
        }
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            // A fact lost with the machine comes again from the log.
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS facts (
                        revision INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
                        time TEXT NOT NULL, event TEXT NOT NULL, group_name TEXT NOT NULL,
                        resource TEXT NOT NULL, node TEXT NOT NULL, rule TEXT NOT NULL, text TEXT NOT NULL,
                        command TEXT NOT NULL, actor TEXT NOT NULL, cause TEXT NOT NULL, fields TEXT NOT NULL,
                        PRIMARY KEY (revision, number)) WITHOUT ROWID""");
            for (var column : List.of("group_name", "resource", "node", "at")) {
                statement.execute("CREATE INDEX IF NOT EXISTS facts_%s ON facts (%s)".formatted(column, column));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new FactTable(connection);
    }

    /// The library leaves what it unpacked whenever its process does not end by itself. Nobody else uses the
    /// directory, and what is mapped into a process may be removed.
    private static void removeUnpacked(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Adds facts in one transaction; those already there stay as they are.
    ///
    /// @param reached cluster time, which tells how old they are; empty where nothing newer is known
    void add(List<EventView> facts, Optional<Instant> reached) throws SQLException {
        long at = reached.isPresent()
                ? EventViews.micros(reached.get())
                : number("SELECT coalesce(max(at), 0) FROM facts");
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement(
                "INSERT OR IGNORE INTO facts (%s, at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)".formatted(COLUMNS))) {
            for (var fact : facts) {
                fill(insert, fact, at);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void fill(PreparedStatement insert, EventView fact, long at) throws SQLException {
        var place = FactPlace.parse(fact.id());
        insert.setLong(1, place.revision());
        insert.setLong(2, place.number());
        var texts = List.of(
                fact.time(),
                fact.event(),
                fact.group(),
                fact.resource(),
                fact.node(),
                fact.rule(),
                fact.text(),
                fact.command(),
                fact.actor(),
                fact.cause(),
                FIELDS.toJson(fact.fields()));
        for (int i = 0; i < texts.size(); i++) {
            insert.setString(i + 3, texts.get(i));
        }
        insert.setLong(14, at);
    }

    /// The first facts after a place.
    List<EventView> after(FactPlace place, int limit) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT %s FROM facts WHERE (revision, number) > (?, ?) ORDER BY revision, number LIMIT ?"
                        .formatted(COLUMNS))) {
            select.setLong(1, place.revision());
            select.setLong(2, place.number());
            select.setInt(3, limit);
            return read(select);
        }
    }

    /// The newest facts, oldest of them first.
    List<EventView> latest(int limit) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT %s FROM facts ORDER BY revision DESC, number DESC LIMIT ?".formatted(COLUMNS))) {
            select.setInt(1, limit);
            return read(select).reversed();
        }
    }

    /// The newest facts about a group, a resource or a node, oldest of them first.
    List<EventView> about(String kind, String name, int limit) throws SQLException {
        var column = switch (kind) {
            case "group" -> "group_name";
            case "resource" -> "resource";
            case "node" -> "node";
            default ->
                throw new IllegalArgumentException(
                        "the journal cannot be asked about a '%s': name a group, a resource or a node."
                                .formatted(kind));
        };
        try (var select = connection.prepareStatement(
                "SELECT %s FROM facts WHERE %s = ? ORDER BY revision DESC, number DESC LIMIT ?"
                        .formatted(COLUMNS, column))) {
            select.setString(1, name);
            select.setInt(2, limit);
            return read(select).reversed();
        }
    }

    private static List<EventView> read(PreparedStatement select) throws SQLException {
        var facts = new ArrayList<EventView>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                facts.add(new EventView(
                        new FactPlace(row.getLong(1), row.getLong(2)).toString(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10),
                        row.getString(11),
                        row.getString(12),
                        FIELDS.fromJson(row.getString(13))));
            }
        } catch (RuntimeException e) {
            throw new SQLiteException("a fact cannot be read: " + e, SQLiteErrorCode.SQLITE_CORRUPT);
        }
        return facts;
    }

    /// Removes facts that are older than `kept` by the time of the newest, and the oldest tenth of what is left
    /// while the file is too large.
    void trim(Duration kept, long bytesMax) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM facts WHERE at < (SELECT max(at) FROM facts) - ?")) {
            delete.setLong(1, kept.toNanos() / 1_000);
            delete.executeUpdate();
        }
        try (var statement = connection.createStatement()) {
            if (number("PRAGMA page_count") * number("PRAGMA page_size") > bytesMax) {
                statement.executeUpdate("DELETE FROM facts WHERE (revision, number) IN (SELECT revision, number FROM"
                        + " facts ORDER BY revision, number LIMIT (SELECT count(*) / 10 + 1 FROM facts))");
            }
            statement.execute("PRAGMA incremental_vacuum");
        }
    }

    private long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
