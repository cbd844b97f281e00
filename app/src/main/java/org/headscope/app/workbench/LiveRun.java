package org.headscope.app.workbench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.reading.PatternReader;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.job.JobCancelledException;
import org.headscope.app.live.LivePrompt;
import org.headscope.app.live.Prediction;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.tokens.BosPolicy;

/** One prompt, run once on an open model. Any thread may ask it; questions wait for each other. */
public final class LiveRun implements AutoCloseable {
    private final OpenModel model;
    private final Prompt prompt;
    private final BosPolicy bos;
    private final LivePrompt live;
    private volatile String resample = "";
    private boolean closed;

    private LiveRun(OpenModel model, Prompt prompt, BosPolicy bos, LivePrompt live) {
        this.model = model;
        this.prompt = prompt;
        this.bos = bos;
        this.live = live;
    }

    /**
     * Runs a prompt.
     *
     * @param model the model
     * @param prompt text or ids
     * @param bos whether a beginning-of-sequence token is put in front of text
     * @throws org.headscope.hooks.HeadscopeException when the prompt does not fit the model
     */
    public static LiveRun of(OpenModel model, Prompt prompt, BosPolicy bos) {
        return model.use(open ->
                new LiveRun(model, prompt, bos, new LivePrompt(Session.of(open).with(bos), prompt)));
    }

    public OpenModel model() {
        return model;
    }

    public Prompt prompt() {
        return prompt;
    }

    public BosPolicy bos() {
        return bos;
    }

    public PromptTokens tokens() {
        return live.tokens();
    }

    /** @return the text of each token */
    public List<String> strings() {
        PromptTokens tokens = live.tokens();
        return tokens.strings().isEmpty()
                ? tokens.ids().stream().map(String::valueOf).toList()
                : tokens.strings();
    }

    public Prediction unmasked() {
        return live.unmasked();
    }

    public String show(int id) {
        return live.show(id);
    }

    /**
     * Tries a mask.
     *
     * @param mask what to switch off or turn down
     * @param sources where resample ablation takes its activations from; means are over this prompt
     */
    public LivePrompt.Masked under(HeadMask mask, MaskSources sources) {
        return ask(ready -> {
            take(ready, mask, sources);
            return ready.under(mask);
        });
    }

    private void take(LivePrompt ready, HeadMask mask, MaskSources sources) {
        String from = sources.resample();
        if (mask.uses(Mode.RESAMPLE) && !from.equals(resample)) {
            ready.resampleFrom(from.isBlank() ? null : Prompt.parse(from));
            resample = from;
        }
    }

    /**
     * Shows where heads look. One pass over the prompt serves all layers; other questions wait for it only under a mask that
     * needs activations kept here.
     *
     * @param held what is masked meanwhile
     * @param layers which layers, ascending, at least one
     * @param rows is shown their patterns
     */
    public void patterns(RunSettings held, List<Integer> layers, PatternReader.Rows rows) {
        HeadMask mask = held.mask();
        boolean keptHere = mask.uses(Mode.MEAN) || mask.uses(Mode.RESAMPLE);
        Function<LivePrompt, Boolean> question = ready -> {
            ready.patterns(mask, layers, rows);
            return true;
        };
        if (keptHere) {
            ask(ready -> {
                take(ready, mask, held.sources());
                return question.apply(ready);
            });
        } else {
            model.use(open -> question.apply(live));
        }
    }

    /**
     * A run of an analysis on the same prompt, to get what is shown here as a result.
     *
     * @param analysis which
     * @param mask under which mask
     * @param seed for everything random
     * @param more its parameters besides the prompt, as texts
     */
    public AnalysisCall call(Analysis<?, ?> analysis, HeadMask mask, long seed, Map<String, String> more) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", prompt.line());
        texts.putAll(more);
        return new AnalysisCall(model, settings(mask, seed), analysis, texts);
    }

    /**
     * What holds around runs that belong to this prompt: means are those over its positions.
     *
     * @param mask under which mask
     * @param seed for everything random
     */
    public RunSettings settings(HeadMask mask, long seed) {
        return new RunSettings(bos, mask, new MaskSources(prompt.line(), resample), seed);
    }

    private <T> T ask(Function<LivePrompt, T> question) {
        return model.use(open -> {
            synchronized (live) {
                if (closed) {
                    throw new JobCancelledException(prompt.line());
                }
                return question.apply(live);
            }
        });
    }

    @Override
    public void close() {
        synchronized (live) {
            if (!closed) {
                closed = true;
                live.close();
            }
        }
    }
}
