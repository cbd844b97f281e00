package org.headscope.analysis.mask.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.bake.BakedCheckpoint;
import org.headscope.hooks.bake.RemovedHeads;
import org.headscope.hooks.bake.Silenced;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.slf4j.LoggerFactory;

/**
 * A mask written into a copy of the checkpoint, for use outside of this program: the rows of W_O of masked heads, or whole
 * output projections, are 0. Only zero can be written that way; what other modes put in the place of a head depends on the
 * text that is read.
 */
public final class BakedMask {
    /** Name of the file in the folder that says what was masked. */
    public static final String RECORD = "headscope-mask.json";

    private static final int PROBE = 16;
    /** Zeros in the weights and zeros at z differ only in the order of additions. */
    private static final double TOLERANCE = 1e-4;

    private BakedMask() {}

    /**
     * What was written.
     *
     * @param folder the checkpoint
     * @param parts masked parts
     * @param difference largest difference between its logits and those of the masked model on a probe, in logits
     */
    public record Written(Path folder, int parts, double difference) {}

    /**
     * Writes the checkpoint, opens it again, and compares it with the masked model on a few random tokens.
     *
     * @param mask the mask
     * @param model the loaded model it was made on
     * @param target names that model
     * @param folder where to; must not exist, or be empty
     * @return what was written
     * @throws MaskException when a part is masked in a way that weights cannot hold
     * @throws HeadscopeException when files cannot be read or written, or the copy does not give the same logits; nothing
     *     is left behind then
     */
    public static Written write(HeadMask mask, HookedTransformer model, MaskTarget target, Path folder) {
        BakedCheckpoint.write(model, silenced(mask, model), folder);
        return checked(mask, model, target, folder);
    }

    /**
     * Writes a checkpoint without the masked heads, opens it again, and compares it with the masked model on a few random
     * tokens.
     *
     * @param mask the mask; heads with mode zero, as many in every layer
     * @param model the loaded model it was made on
     * @param target names that model
     * @param folder where to; must not exist, or be empty
     * @return what was written
     * @throws MaskException when something other than heads is masked, or not with zero
     * @throws HeadscopeException when the family has no place for it, the cut is uneven, files cannot be read or written, or
     *     the copy does not give the same logits; nothing is left behind then
     */
    public static Written writeRemoved(HeadMask mask, HookedTransformer model, MaskTarget target, Path folder) {
        RemovedHeads.write(model, removed(mask), folder);
        return checked(mask, model, target, folder);
    }

    /**
     * Says whether a mask can be written into weights, before anything is written.
     *
     * @param mask the mask
     * @param model the loaded model it was made on
     * @param remove whether heads are to be cut out rather than set to zero
     * @throws HeadscopeException saying why not
     */
    public static void check(HeadMask mask, HookedTransformer model, boolean remove) {
        if (remove) {
            RemovedHeads.check(model, removed(mask));
        } else {
            BakedCheckpoint.check(model, silenced(mask, model));
        }
    }

    private static Set<Target.Head> removed(HeadMask mask) {
        Set<Target.Head> heads = new HashSet<>();
        mask.entries().forEach((unit, setting) -> {
            if (unit.kind() != MaskUnit.Kind.HEAD) {
                throw new MaskException(
                        unit.label() + " is masked as a whole, and only heads can be cut out. Unmask it, or"
                                + " write the mask as zeros instead.");
            }
            requireZero(unit, setting);
            heads.add(new Target.Head(unit.layer(), unit.head()));
        });
        return heads;
    }

    private static void requireZero(MaskUnit unit, MaskSetting setting) {
        if (!setting.equals(MaskSetting.ZERO)) {
            throw new MaskException(unit.label() + " is masked with mode " + setting.label()
                    + ", which cannot be written into weights: only zero can. Change its mode, or export the mask as"
                    + " JSON or Python.");
        }
    }

    private static Written checked(HeadMask mask, HookedTransformer model, MaskTarget target, Path folder) {
        try {
            double difference = compare(mask, model, folder);
            MaskJson.write(MaskJson.write(mask, MaskSources.NONE, target), folder.resolve(RECORD));
            return new Written(folder, mask.size(), difference);
        } catch (RuntimeException e) {
            discard(folder);
            throw e;
        }
    }

    private static Silenced silenced(HeadMask mask, HookedTransformer model) {
        Set<Target.Head> heads = new HashSet<>();
        TreeSet<Integer> attentions = new TreeSet<>();
        TreeSet<Integer> mlps = new TreeSet<>();
        mask.entries().forEach((unit, setting) -> {
            requireZero(unit, setting);
            switch (unit.kind()) {
                case HEAD -> heads.add(new Target.Head(unit.layer(), unit.head()));
                case ATTENTION -> attentions.add(unit.layer());
                case MLP -> mlps.add(unit.layer());
                case LAYER -> {
                    attentions.add(unit.layer());
                    addMlp(unit, model, mlps);
                }
            }
        });
        return new Silenced(heads, attentions, mlps);
    }

    private static void addMlp(MaskUnit unit, HookedTransformer model, Set<Integer> mlps) {
        if (model.config().block().arrangement() == Arrangement.POST_NORM) {
            throw new MaskException(unit.label() + " cannot be written into weights: this model normalises the residual"
                    + " stream after every addition, which a silenced layer still does and a masked one does not.");
        }
        if (model.weights().blocks().get(unit.layer()).mlp() != null) {
            mlps.add(unit.layer());
        }
    }

    private static double compare(HeadMask mask, HookedTransformer model, Path folder) {
        int vocab = model.config().dims().vocab();
        TokenBatch probe = TokenBatch.of(new Random(1).ints(PROBE, 0, vocab).toArray());
        List<Intervention> masked = new MaskInterventions(Map.of()).compile(mask);
        float[] wanted = logits(model, probe, masked);
        double difference;
        try (HookedTransformer baked = ModelLoader.load(folder)) {
            difference = difference(wanted, logits(baked, probe, List.of()));
        }
        if (!(difference <= TOLERANCE * (1 + largest(wanted)))) {
            throw new HeadscopeException("The copy does not do what the mask does: its logits differ by " + difference
                    + " on a probe. It was removed; please report this, with the family "
                    + model.config().family() + ".");
        }
        return difference;
    }

    private static float[] logits(HookedTransformer model, TokenBatch probe, List<Intervention> edits) {
        RunRequest request = RunRequest.of(probe)
                .edits(new Interventions(model.config()).compile(edits))
                .build();
        try (RunResult run = model.run(request)) {
            return run.logits().toFloatArray();
        }
    }

    private static double difference(float[] wanted, float[] found) {
        double most = 0;
        for (int i = 0; i < wanted.length; i++) {
            double off = Math.abs((double) wanted[i] - found[i]);
            most = off <= most ? most : off;
        }
        return most;
    }

    private static double largest(float[] values) {
        double most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static void discard(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            for (Path file : inside.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LoggerFactory.getLogger(BakedMask.class).warn("Could not remove {}", folder, e);
        }
    }
}
