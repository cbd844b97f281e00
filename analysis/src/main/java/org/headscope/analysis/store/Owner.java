package org.headscope.analysis.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names one opening of a workspace by one process, so that a run left "running" can be told from one that really is:
 * the window and a command line may have the same workspace open.
 */
final class Owner implements AutoCloseable {
    private static final Set<String> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final String name;

    private Owner(String name) {
        this.name = name;
    }

    static Owner here() {
        String name = process(ProcessHandle.current()) + " " + UUID.randomUUID();
        OPEN_HERE.add(name);
        return new Owner(name);
    }

    /** The start time makes a reused process number a different process. */
    private static String process(ProcessHandle process) {
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + " " + started;
    }

    String name() {
        return name;
    }

    /** Whether the opening of that name still exists. */
    static boolean alive(String name) {
        if (OPEN_HERE.contains(name)) {
            return true;
        }
        String process = name.substring(0, Math.max(0, name.lastIndexOf(' ')));
        if (process.isEmpty() || process.equals(process(ProcessHandle.current()))) {
            return false;
        }
        return handle(process).filter(found -> process(found).equals(process)).isPresent();
    }

    private static Optional<ProcessHandle> handle(String process) {
        try {
            return ProcessHandle.of(Long.parseLong(process.substring(0, process.indexOf(' '))));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        OPEN_HERE.remove(name);
    }
}
