package org.headscope.app.lessonview;

import java.nio.file.Path;
import java.util.Objects;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.explore.ExploreViewModel;
import org.headscope.app.explore.HeadScore;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/** Keeps what someone has on the workbench while a lesson is on it, and puts it back. */
final class BenchKeeper {
    private final Workbench bench;
    private final ExploreViewModel explore;
    private @Nullable Kept kept;
    private @Nullable Runnable whenOpened;

    private record Kept(
            @Nullable Path model,
            String prompt,
            BosPolicy bos,
            @Nullable HeadMask mask,
            @Nullable MaskUnit head,
            HeadScore score,
            Mode mode) {}

    BenchKeeper(Workbench bench, ExploreViewModel explore) {
        this.bench = bench;
        this.explore = explore;
        bench.modelProperty().subscribe((before, now) -> {
            Runnable waiting = whenOpened;
            whenOpened = null;
            if (waiting != null) {
                waiting.run();
            }
        });
    }

    /** Puts aside what is on the table, unless something is put aside already, and clears what a lesson takes as given. */
    void keep() {
        if (kept == null) {
            kept = new Kept(
                    path(bench.modelProperty().get()),
                    bench.promptProperty().get(),
                    bench.bosProperty().get(),
                    bench.maskProperty().get(),
                    bench.headProperty().get(),
                    explore.scores().chosenProperty().get(),
                    explore.modeProperty().get());
        }
        bench.bosProperty().set(BosPolicy.AUTO);
        explore.scores().chosenProperty().set(HeadScore.NONE);
        explore.modeProperty().set(Mode.ZERO);
    }

    /** Opens a model unless it is open; then does something. */
    void with(Path model, Runnable then) {
        if (isOpen(model)) {
            whenOpened = null;
            then.run();
        } else {
            whenOpened = then;
            bench.open(model);
        }
    }

    boolean isOpen(Path model) {
        return same(path(bench.modelProperty().get()), model);
    }

    /**
     * Puts back what was put aside. A model that was opened by hand in the middle of the lesson stays.
     *
     * @param lesson the model of the lesson
     */
    void restore(Path lesson) {
        Kept back = kept;
        kept = null;
        whenOpened = null;
        if (back == null) {
            return;
        }
        Path model = back.model();
        boolean lessonIsOpen = isOpen(lesson) || bench.openingProperty().get();
        if (model != null && lessonIsOpen) {
            with(model, () -> put(back));
        } else {
            put(back);
        }
    }

    private void put(Kept back) {
        bench.promptProperty().set(back.prompt());
        bench.bosProperty().set(back.bos());
        explore.modeProperty().set(back.mode());
        explore.scores().chosenProperty().set(back.score());
        OpenModel open = bench.modelProperty().get();
        HeadMask mask = back.mask();
        if (open != null && mask != null && mask.shape().equals(open.maskShape())) {
            bench.maskProperty().set(mask);
            bench.headProperty().set(back.head());
        }
    }

    private static @Nullable Path path(@Nullable OpenModel model) {
        return model == null ? null : model.identity().path();
    }

    private static boolean same(@Nullable Path one, Path other) {
        return one != null
                && Objects.equals(
                        one.toAbsolutePath().normalize(), other.toAbsolutePath().normalize());
    }
}
