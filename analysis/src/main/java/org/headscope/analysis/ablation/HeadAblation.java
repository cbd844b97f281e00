package org.headscope.analysis.ablation;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/** Switches off every head, every attention layer and every MLP, one at a time, in one of five ways. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadAblation implements Analysis<HeadAblation.Parameters, Findings> {
    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param mode in which way parts are ablated
     * @param metric what is measured
     * @param answer right next token
     * @param foil wrong next token
     * @param gate factor of mode gate
     * @param reference prompts of mode mean
     * @param perPosition whether means are taken position by position
     * @param other prompt of mode resample
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Mode",
                            defaultValue = "zero",
                            help = "How a part is ablated: zero, mean, resample, uniform attention, or a gate.")
                    Ablation.Mode mode,
            @Param(
                            label = "Metric",
                            defaultValue = "auto",
                            help = "What is measured; auto is the logit difference when answer and foil are given,"
                                    + " otherwise the loss.")
                    AblationMetric metric,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") @Nullable
                    Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") @Nullable Prompt foil,
            @Param(label = "Gate", defaultValue = "0.5", help = "Factor on the output in mode gate; 1 changes nothing.")
                    double gate,
            @Param(
                            label = "Reference prompts",
                            defaultValue = "",
                            help = "Prompts to average over in mode mean; none means the prompt's own positions.")
                    List<String> reference,
            @Param(
                            label = "Mean per position",
                            defaultValue = "false",
                            help = "Average position by position; reference prompts then need the prompt's length.")
                    boolean perPosition,
            @Param(label = "Other prompt", help = "Prompt of equal length that mode resample takes outputs from.")
                    @Nullable
                    Prompt other) {
        /** Copies the list. */
        public Parameters {
            reference = List.copyOf(reference);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-ablation", "Head ablation", AnalysisInfo.Area.ABLATE)
                .measures("What is lost when a single head, attention layer or MLP is switched off.")
                .formula("logit difference, probability: m(full) - m(ablated); loss, KL: m(ablated) - m(full). "
                        + "zero: z = 0; mean: z = mean over the reference; resample: z of another prompt; "
                        + "uniform: attention 1/n over the n visible keys; gate: z = g z")
                .source("Michel et al. 1905.10650 (zero, gate); Wang et al. 2211.00593 (mean); Wu et al. 2404.15574, "
                        + "code (uniform)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Heads act at z, before W_O: with raw weights zero also removes the value bias, b_O stays. "
                                + "MLPs act at their output, bias included, and have no uniform mode. Single ablations "
                                + "miss what backup heads replace.")
                .cost("One partial forward per part, from its layer on, batched.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        AblationMetric kind = parameters.metric().resolve(parameters.answer(), parameters.foil());
        SweepMetric metric = kind.create(context, prompt, parameters.answer(), parameters.foil());
        progress.report(0, 0, "reference and base run");
        try (AblationSource source = AblationSource.of(context, prompt, parameters);
                BaseRun base = BaseRun.of(context.model(), prompt.batch(), context.standing())) {
            var plan = new AblationPlan(context.model().config(), source.how(), kind);
            var sweep = new ResumableSweep(
                    context, progress, "ablating", values -> progress.partial(plan.metricPanel(values)));
            ResumableSweep.Outcome outcome = sweep.run(base, plan.cells(), metric);
            return plan.findings(outcome, source, base.receipts());
        }
    }
}
