package org.headscope.app.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Numerics;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Timing;
import org.headscope.app.picture.Samples;

/** A result with a panel of every shape, and an origin whose fields can all be told apart. */
public final class SampleRun {
    private static final JsonMapper JSON = new JsonMapper();

    private SampleRun() {}

    public static Result result() {
        return new Result(
                "Head <i>ablation</i>",
                List.of(
                        Samples.heads(),
                        Samples.headPositions(),
                        Samples.attention(Samples.HOSTILE),
                        Samples.curve(),
                        Samples.table(),
                        Samples.graph()),
                List.of(new ReceiptSummary(
                        "8.6 off", "blocks.8.attn.hook_z", 3, 0.125, "logit difference 3.55 -> 2.71")),
                provenance());
    }

    private static Provenance provenance() {
        ObjectNode parameters =
                JSON.createObjectNode().put("prompt", "When </script> & so").put("answer", "ids:2");
        ObjectNode config =
                JSON.createObjectNode().put("family", "gpt-neo-x-like").put("n_layers", 17);
        List<Integer> ids =
                IntStream.range(500, 500 + Samples.HOSTILE.size()).boxed().toList();
        return new Provenance(
                "head-ablation",
                parameters,
                new ModelRef("models/tiny & small", "sha256:feed", config),
                List.of(new PromptTokens("clean", ids, Samples.HOSTILE, true)),
                new Numerics("always", "zero", "folded", "float32"),
                11,
                "9.8.7",
                new Timing(Instant.parse("2026-03-04T05:06:07Z"), 12.5, Map.of("sweep", 11.5)));
    }
}
