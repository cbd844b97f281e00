package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Asks for attention patterns as a form does, and reads the same off a plain run. */
final class PatternRuns {
    private PatternRuns() {}

    static Map<String, String> with(Map<String, String> given, String name, String value) {
        Map<String, String> more = new HashMap<>(given);
        more.put(name, value);
        return more;
    }

    static AttentionPatterns.Parameters bind(int[] ids, Map<String, String> given) {
        return ParameterBinder.of(AttentionPatterns.Parameters.class)
                .bind(with(given, "prompt", prompt(ids).line()));
    }

    static Findings run(HookedTransformer model, int[] ids, Map<String, String> given, List<Intervention> standing) {
        return new AttentionPatterns()
                .run(IdContexts.of(model, standing, SweepJournal.none()), bind(ids, given), Progress.none());
    }

    static AttentionMap map(HookedTransformer model, int[] ids, Map<String, String> given) {
        return map(run(model, ids, given, List.of()));
    }

    static AttentionMap map(Findings found) {
        return (AttentionMap) found.panels().get(0);
    }

    /** A loop of its own: there are a million numbers, which is more than list assertions are made for. */
    static void assertSame(double[] found, double[] expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        int[] apart = IntStream.range(0, found.length)
                .filter(i ->
                        !(Math.abs(found[i] - expected[i]) <= tolerance) && Double.compare(found[i], expected[i]) != 0)
                .limit(5)
                .toArray();
        assertThat(apart).as("cells that differ").isEmpty();
    }

    /** Patterns that a plain run keeps, {@code [layer, head, query, key]}. */
    static double[] plain(HookedTransformer model, int[] ids, List<Intervention> standing) {
        List<HookSite> sites = HookSite.perLayer(model.config().dims().layers(), SiteKind.PATTERN);
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(standing))
                .capture(sites)
                .build())) {
            return sites.stream()
                    .map(site -> LensOracle.widened(run.cache().get(site).toFloatArray()))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }
}
