package org.headscope.analysis.result.io;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Numerics;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Timing;
import org.jspecify.annotations.Nullable;

/** A result as one JSON object; the component order is the order in the file. */
record DocumentWire(
        @Nullable String format,
        int version,
        @Nullable String analysis,
        @Nullable String title,
        @Nullable ObjectNode parameters,
        @Nullable ModelRef model,
        @Nullable List<PromptTokens> tokens,
        @Nullable Numerics numerics,
        long seed,
        @Nullable String appVersion,
        @Nullable TimingWire timing,
        @Nullable Panels result,
        @Nullable List<ReceiptSummary> receipts) {
    static final String FORMAT = "headscope-result";
    static final int VERSION = 1;

    record Panels(@Nullable List<PanelWire> panels) {}

    record TimingWire(@Nullable String startedAt, double seconds, @Nullable Map<String, Double> phases) {
        static TimingWire of(Timing timing) {
            return new TimingWire(timing.startedAt().toString(), timing.seconds(), timing.phases());
        }

        Timing toTiming() {
            String text = need(startedAt, "timing.started_at");
            try {
                return new Timing(Instant.parse(text), seconds, phases == null ? Map.of() : phases);
            } catch (DateTimeParseException e) {
                throw new ResultFormatException("'" + text + "' is no ISO-8601 instant (timing.started_at).", e);
            }
        }
    }

    static DocumentWire of(Result result) {
        Provenance source = result.provenance();
        return new DocumentWire(
                FORMAT,
                VERSION,
                source.analysis(),
                result.title(),
                source.parameters(),
                source.model(),
                source.prompts(),
                source.numerics(),
                source.seed(),
                source.appVersion(),
                TimingWire.of(source.timing()),
                new Panels(result.panels().stream().map(PanelWire::of).toList()),
                result.receipts());
    }

    Result toResult() {
        if (!FORMAT.equals(format) || version < 1) {
            throw new ResultFormatException(
                    "This is no Headscope result: expected \"format\": \"" + FORMAT + "\", got '" + format + "'.");
        }
        if (version > VERSION) {
            throw new ResultFormatException("This result has format version " + version
                    + ", this Headscope reads up to " + VERSION + ": update Headscope.");
        }
        List<PanelWire> panels = need(need(result, "result").panels(), "result.panels");
        return new Result(
                need(title, "title"),
                panels.stream().map(PanelWire::toPanel).toList(),
                need(receipts, "receipts"),
                provenance());
    }

    private Provenance provenance() {
        return new Provenance(
                need(analysis, "analysis"),
                need(parameters, "parameters"),
                need(model, "model"),
                need(tokens, "tokens"),
                need(numerics, "numerics"),
                seed,
                need(appVersion, "app_version"),
                need(timing, "timing").toTiming());
    }

    private static <T> T need(@Nullable T part, String name) {
        if (part == null) {
            throw new ResultFormatException("The result lacks '" + name + "'.");
        }
        return part;
    }
}
