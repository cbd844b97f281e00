package org.headscope.analysis.result;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When a run started and how long it took.
 *
 * @param startedAt wall-clock start
 * @param seconds total duration
 * @param phases seconds per named phase, in the order they ran; may be empty
 */
public record Timing(Instant startedAt, double seconds, Map<String, Double> phases) {
    /** Copies the phases and keeps their order. */
    public Timing {
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    }
}
