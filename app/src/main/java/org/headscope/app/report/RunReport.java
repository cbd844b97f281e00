package org.headscope.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Timing;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.text.Markup;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.CommandText;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;

/**
 * A run as one page of HTML that needs nothing else: no network, no script.
 *
 * @param result what was found
 * @param info what its analysis says of itself; empty when this version does not have it
 * @param command the command line that repeats it; may be empty
 * @param mask the mask that held, as JSON; empty without one
 * @param notes what a person wrote about it
 */
public record RunReport(
        Result result, Optional<AnalysisInfo> info, String command, ObjectNode mask, List<String> notes) {
    public RunReport {
        notes = List.copyOf(notes);
    }

    /**
     * The report of a result.
     *
     * @param result what was found
     * @param analyses the methods there are
     * @param catalog the shipped models, which command lines name shortly
     * @param mask the mask that held, as JSON; an empty object without one
     * @param notes what a person wrote about it
     */
    public static RunReport of(
            Result result, AnalysisRegistry analyses, ModelCatalog catalog, ObjectNode mask, List<String> notes) {
        return new RunReport(
                result, info(result, analyses), CommandText.of(analyses, catalog, result.provenance()), mask, notes);
    }

    private static Optional<AnalysisInfo> info(Result result, AnalysisRegistry analyses) {
        try {
            return Optional.of(analyses.get(result.provenance().analysis()).info());
        } catch (HeadscopeException e) { // an analysis of another version
            return Optional.empty();
        }
    }

    /** Writes the page, replacing the file as a whole. */
    public void write(Path file) {
        AtomicFile.writeText(file, html());
    }

    /** @return the page */
    public String html() {
        Html page = new Html();
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.element("title", result.title() + " · " + modelName());
        page.raw("<style>\n").raw(style()).raw("</style>\n</head>\n<body>\n<main>\n");
        heading(page);
        method(page);
        notes(page);
        result.panels().forEach(panel -> PanelSection.write(page, panel));
        receipts(page);
        conditions(page);
        prompts(page);
        model(page);
        page.raw("</main>\n</body>\n</html>\n");
        return page.toString();
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(RunReport.class.getResourceAsStream("report.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Provenance origin() {
        return result.provenance();
    }

    private String modelName() {
        Path name = Path.of(origin().model().path()).getFileName();
        return name == null ? origin().model().path() : name.toString();
    }

    private void heading(Html page) {
        Timing timing = origin().timing();
        page.open("header").element("h1", result.title());
        page.element(
                "p class=\"muted\"",
                Messages.get(
                        "report.heading",
                        modelName(),
                        timing.startedAt().toString(),
                        Ticks.format(timing.seconds()),
                        origin().appVersion()));
        if (!command.isEmpty()) {
            page.element("p class=\"label\"", Messages.get("report.command")).element("pre", command);
        }
        page.close("header");
    }

    private void method(Html page) {
        page.open("section").element("h2", Messages.get("report.method"));
        info.ifPresentOrElse(
                known -> {
                    page.element("p", known.measures()).open("dl");
                    page.entry(Messages.get("report.formula"), known.formula())
                            .entry(Messages.get("report.source"), known.source())
                            .entry(Messages.get("report.exactness"), exactness(known))
                            .entry(Messages.get("report.approximates"), known.approximates())
                            .entry(Messages.get("report.cost"), known.cost())
                            .close("dl");
                },
                () -> page.element("p", Messages.get("report.unknownMethod", origin().analysis())));
        page.element("h3", Messages.get("report.parameters")).open("dl");
        fields(page, origin().parameters());
        page.close("dl").close("section");
    }

    private static String exactness(AnalysisInfo info) {
        String note = info.exactnessNote();
        return switch (info.exactness()) {
            case EXACT -> Messages.get("analyses.exactness.exact", note);
            case PARTLY -> Messages.get("analyses.exactness.partly", note);
            case RECON -> Messages.get("analyses.exactness.recon", note);
        };
    }

    private static void fields(Html page, ObjectNode object) {
        object.properties().forEach(field -> page.entry(field.getKey(), words(field.getValue())));
    }

    private static String words(JsonNode value) {
        return value.isNull() ? "–" : value.isTextual() ? value.asText() : value.toString();
    }

    private void notes(Html page) {
        if (!notes.isEmpty()) {
            page.open("section").element("h2", Messages.get("report.notes"));
            notes.forEach(note -> page.element("p class=\"note\"", note));
            page.close("section");
        }
    }

    private void receipts(Html page) {
        if (result.receipts().isEmpty()) {
            return;
        }
        page.open("section").element("h2", Messages.get("report.receipts"));
        page.table(
                List.of(
                        Messages.get("report.receipt.what"),
                        Messages.get("report.receipt.where"),
                        Messages.get("report.receipt.fired"),
                        Messages.get("report.receipt.change"),
                        Messages.get("report.receipt.effect")),
                result.receipts().stream()
                        .map(one ->
                                List.<Object>of(one.label(), one.site(), one.fired(), one.changeMaxAbs(), one.effect()))
                        .toList());
        page.close("section");
    }

    private void conditions(Html page) {
        Timing timing = origin().timing();
        page.open("section").element("h2", Messages.get("report.conditions")).open("dl");
        page.entry(Messages.get("report.bos"), origin().numerics().bosPolicy())
                .entry(Messages.get("report.mask"), origin().numerics().maskMode())
                .entry(Messages.get("report.weights"), origin().numerics().weights())
                .entry(Messages.get("report.dtype"), origin().numerics().dtype())
                .entry(Messages.get("report.seed"), Long.toString(origin().seed()))
                .entry(Messages.get("report.started"), timing.startedAt().toString())
                .entry(Messages.get("report.seconds"), Ticks.format(timing.seconds()));
        timing.phases()
                .forEach((phase, seconds) -> page.entry(Messages.get("report.phase", phase), Ticks.format(seconds)));
        page.entry(Messages.get("report.version"), origin().appVersion()).close("dl");
        if (!mask.isEmpty()) {
            page.open("details").element("summary", Messages.get("report.maskFile"));
            page.element("pre", mask.toPrettyString()).close("details");
        }
        page.close("section");
    }

    private void prompts(Html page) {
        if (origin().prompts().isEmpty()) {
            return;
        }
        page.open("section").element("h2", Messages.get("report.prompts"));
        for (PromptTokens prompt : origin().prompts()) {
            String bos = prompt.bosPrepended() ? Messages.get("report.bosAdded") : Messages.get("report.bosNotAdded");
            page.element(
                    "p class=\"label\"",
                    Messages.get(
                            "report.prompt",
                            prompt.role(),
                            Integer.toString(prompt.ids().size()),
                            bos));
            page.open("p class=\"tokens\"");
            for (int i = 0; i < prompt.ids().size(); i++) {
                String id = Integer.toString(prompt.ids().get(i));
                String token = prompt.strings().isEmpty()
                        ? id
                        : VisibleText.of(prompt.strings().get(i));
                page.raw("<span title=\"" + Markup.escape(i + ": " + id) + "\">")
                        .text(token)
                        .close("span");
            }
            page.close("p").open("details").element("summary", Messages.get("report.ids"));
            page.element("pre", prompt.ids().toString()).close("details");
        }
        page.close("section");
    }

    private void model(Html page) {
        page.open("section").element("h2", Messages.get("report.model")).open("dl");
        page.entry(Messages.get("report.model.name"), modelName())
                .entry(Messages.get("report.model.hash"), origin().model().hash())
                .entry(Messages.get("report.model.path"), origin().model().path());
        fields(page, origin().model().config());
        page.close("dl").close("section");
    }
}
