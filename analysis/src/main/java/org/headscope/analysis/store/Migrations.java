package org.headscope.analysis.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.analysis.store.StoreException.Reason;

/**
 * Brings a workspace file to the version this program writes. Version n is reached by the script {@code 00n.sql}; each step
 * is one transaction together with the version number, so a file is never between two versions.
 */
final class Migrations {
    /** "HDSC" as a number, in the header of every workspace file. */
    static final int APPLICATION_ID = 0x48445343;

    private final List<String> scripts;

    Migrations(List<String> scripts) {
        this.scripts = List.copyOf(scripts);
    }

    static Migrations shipped() {
        List<String> scripts = new ArrayList<>();
        for (int version = 1; ; version++) {
            String name = String.format(Locale.ROOT, "%03d.sql", version);
            try (InputStream script = Migrations.class.getResourceAsStream(name)) {
                if (script == null) {
                    return new Migrations(scripts);
                }
                scripts.add(new String(script.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new StoreException(Reason.OTHER, "Cannot read the shipped script " + name + ".", e);
            }
        }
    }

    int latest() {
        return scripts.size();
    }

    /** Checks the file before anything in it is changed, then migrates it. */
    void apply(Database database) {
        int version = database.read(connection -> check(connection, database.file()));
        database.read(connection -> Sql.first(connection, "PRAGMA journal_mode = WAL", row -> row.getString(1)));
        for (int next = version + 1; next <= latest(); next++) {
            int step = next;
            database.write(connection -> {
                // Another process may have done this step while we waited for our turn.
                if (Sql.number(connection, "PRAGMA user_version") < step) {
                    run(connection, step);
                }
                return step;
            });
        }
    }

    private int check(Connection connection, Path file) throws SQLException {
        long application = Sql.number(connection, "PRAGMA application_id");
        long tables = Sql.number(connection, "SELECT count(*) FROM sqlite_master");
        int version = (int) Sql.number(connection, "PRAGMA user_version");
        if (application != APPLICATION_ID && (tables > 0 || version != 0 || application != 0)) {
            throw new StoreException(
                    Reason.FOREIGN,
                    "Workspace " + file + ": this is a database of some other program. It was left as it is; choose"
                            + " another file.");
        }
        if (version > latest()) {
            throw new StoreException(
                    Reason.NEWER,
                    "Workspace " + file + " was written by a newer Headscope (version " + version + ", this one knows "
                            + latest() + "). It was left as it is; update Headscope, or open another workspace.");
        }
        String verdict = Sql.first(connection, "PRAGMA quick_check(1)", row -> row.getString(1))
                .orElse("no answer");
        if (!verdict.equals("ok")) {
            throw new StoreException(
                    Reason.CORRUPT,
                    "Workspace " + file + ": the file is damaged (" + verdict
                            + "). It was left as it is; restore a copy" + " of it, or open another workspace.");
        }
        return version;
    }

    private void run(Connection connection, int version) throws SQLException {
        for (String statement : statements(scripts.get(version - 1))) {
            Sql.execute(connection, statement);
        }
        Sql.execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        Sql.execute(connection, "PRAGMA user_version = " + version);
    }

    /** Statements end with a semicolon at the end of a line; a line of comment starts with two dashes. */
    private static List<String> statements(String script) {
        String code = script.lines()
                .filter(line -> !line.stripLeading().startsWith("--"))
                .collect(Collectors.joining("\n"));
        return Arrays.stream(code.split(";\\s*(\\n|$)"))
                .filter(statement -> !statement.isBlank())
                .toList();
    }
}
