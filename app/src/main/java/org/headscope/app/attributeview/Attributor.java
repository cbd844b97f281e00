package org.headscope.app.attributeview;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.reading.Predictions;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.OpenModel;
import org.headscope.hooks.HeadscopeException;

/** Answers questions about predictions, by running the analyses that know. */
final class Attributor {
    private static final String PREDICTIONS = "predictions";
    private static final String DIRECT = "direct-logit-attribution";
    private static final String LENS = "logit-lens-position";
    private static final int LISTED = 3;

    private final AnalysisRegistry analyses;

    Attributor(AnalysisRegistry analyses) {
        this.analyses = analyses;
    }

    /**
     * Answers; takes its time.
     *
     * @param question what is asked
     * @param recorder keeps what was run
     * @param progress may ask to stop
     * @throws HeadscopeException when a token is none, or the model cannot be taken apart like this
     */
    Attribution answer(Question question, HistoryRecorder recorder, Progress progress) {
        progress.report(0, 3, PREDICTIONS);
        List<Named> likeliest = likeliest(question, progress);
        Named answer = question.answer().isBlank() ? likeliest.get(0) : token(question, question.answer());
        Named foil = question.foil().isBlank()
                ? likeliest.stream()
                        .filter(token -> token.id() != answer.id())
                        .findFirst()
                        .orElseThrow()
                : token(question, question.foil());
        if (foil.id() == answer.id()) {
            throw new HeadscopeException("Answer and foil are the same token '" + answer.text()
                    + "', whose difference is always 0. Type another foil, or leave the field empty.");
        }
        progress.report(1, 3, DIRECT);
        Result direct = direct(question, answer, foil).run(recorder, progress);
        Parts parts = new Parts(direct);
        progress.report(2, 3, LENS);
        Result lens = lens(question, answer, foil).run(recorder, progress);
        return new Attribution(
                question, answer, foil, parts.steps(), parts.actual(), parts.heads(), parts.sources(), direct, lens);
    }

    /** The commands that do the same. */
    String commands(Attribution done) {
        return direct(done.question(), done.answer(), done.foil()).commandLine() + "\n"
                + lens(done.question(), done.answer(), done.foil()).commandLine();
    }

    private AnalysisCall direct(Question question, Named answer, Named foil) {
        Map<String, String> texts = texts(question);
        texts.put("answer", answer.line());
        texts.put("foil", foil.line());
        return call(DIRECT, question, texts);
    }

    private AnalysisCall lens(Question question, Named answer, Named foil) {
        Map<String, String> texts = texts(question);
        texts.put("tokens", answer.line() + "," + foil.line());
        texts.put("top-k", Integer.toString(LISTED));
        return call(LENS, question, texts);
    }

    private static Map<String, String> texts(Question question) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", question.run().prompt().line());
        texts.put("position", Integer.toString(question.position()));
        return texts;
    }

    private AnalysisCall call(String analysis, Question question, Map<String, String> texts) {
        return new AnalysisCall(question.run().model(), question.settings(), analyses.get(analysis), texts);
    }

    /** The two likeliest tokens at the position, with the mask on. */
    private List<Named> likeliest(Question question, Progress progress) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", question.run().prompt().line());
        texts.put("top-k", "2");
        Result result = call(PREDICTIONS, question, texts).run(HistoryRecorder.off(), progress);
        return result.panels().stream()
                .filter(panel -> panel.title().equals(Predictions.TOP))
                .flatMap(panel -> ((Table) panel).rows().stream())
                .filter(row -> ((Long) row.get(0)).intValue() == question.position())
                .map(row -> new Named(((Long) row.get(3)).intValue(), (String) row.get(4)))
                .toList();
    }

    private static Named token(Question question, String typed) {
        OpenModel model = question.run().model();
        return model.use(open -> {
            SessionPrompts prompts =
                    new SessionPrompts(Session.of(open).with(question.settings().bos()));
            int id = prompts.answer(Prompt.parse(typed));
            if (id < 0 || id >= model.dims().vocab()) {
                throw new HeadscopeException("There is no token " + id + ": the model has the ids 0 to "
                        + (model.dims().vocab() - 1) + ".");
            }
            return new Named(id, prompts.show(id));
        });
    }
}
