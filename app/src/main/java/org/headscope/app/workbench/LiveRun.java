package org.headscope.app.workbench;

import java.util.List;
import java.util.function.Function;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.job.JobCancelledException;
import org.headscope.app.live.LivePrompt;
import org.headscope.app.live.Prediction;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/** One prompt, run once on an open model. Any thread may ask it; questions wait for each other. */
public final class LiveRun implements AutoCloseable {
    private final OpenModel model;
    private final Prompt prompt;
    private final BosPolicy bos;
    private final LivePrompt live;
    private @Nullable Prompt resample;
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
     * @param from where resample ablation takes its activations from, null when no head needs any
     */
    public LivePrompt.Masked under(HeadMask mask, @Nullable Prompt from) {
        return ask(ready -> {
            if (from != null && !from.equals(resample)) {
                ready.resampleFrom(from);
                resample = from;
            }
            return ready.under(mask);
        });
    }

    /**
     * Where the heads of one layer look, with nothing masked.
     *
     * @param layer counted from 0
     * @return attention probabilities, {@code [head, query, key]} in one row
     */
    public float[] pattern(int layer) {
        HookSite site = HookSite.of(SiteKind.PATTERN, layer);
        int[] ids = tokens().ids().stream().mapToInt(Integer::intValue).toArray();
        return model.use(open -> {
            try (RunResult result = open.run(
                    RunRequest.of(TokenBatch.of(ids)).capture(site).lastLogits().build())) {
                return result.cache().get(site).toFloatArray();
            }
        });
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
