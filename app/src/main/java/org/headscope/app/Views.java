package org.headscope.app;

import java.util.List;
import java.util.function.Supplier;
import javafx.scene.Node;
import org.headscope.app.analyses.AnalysesView;
import org.headscope.app.analyses.AnalysesViewModel;
import org.headscope.app.attention.AttentionView;
import org.headscope.app.attention.AttentionViewModel;
import org.headscope.app.attention.HeadInspector;
import org.headscope.app.attributeview.AttributeView;
import org.headscope.app.attributeview.AttributeViewModel;
import org.headscope.app.circuitview.CircuitView;
import org.headscope.app.circuitview.CircuitViewModel;
import org.headscope.app.detectview.DetectView;
import org.headscope.app.detectview.DetectViewModel;
import org.headscope.app.explore.ExploreView;
import org.headscope.app.explore.ExploreViewModel;
import org.headscope.app.historyview.HistoryView;
import org.headscope.app.historyview.HistoryViewModel;
import org.headscope.app.lensview.LensView;
import org.headscope.app.lensview.LensViewModel;
import org.headscope.app.lesson.LessonShelf;
import org.headscope.app.lessonview.LessonsView;
import org.headscope.app.lessonview.LessonsViewModel;
import org.headscope.app.maskview.MaskView;
import org.headscope.app.maskview.MaskViewModel;
import org.headscope.app.patch.PatchView;
import org.headscope.app.patch.PatchViewModel;
import org.headscope.app.text.Messages;
import org.headscope.app.window.EmptyState;
import org.headscope.app.window.ViewSpec;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.Workbench;

/** The views of the window, in the order of the navigation. A new view is one line here. */
final class Views {
    static final String ANALYSES = "analyses";
    static final String MASK = "mask";

    private final AppServices services;
    private final Workbench bench;
    private final ExploreViewModel explore;
    private final AttentionViewModel attention;
    private final AnalysesViewModel analyses;
    private final MaskViewModel mask;

    Views(AppServices services, Workbench bench) {
        this.services = services;
        this.bench = bench;
        this.explore = new ExploreViewModel(bench);
        this.attention = new AttentionViewModel(bench);
        this.analyses = new AnalysesViewModel(bench);
        this.mask = new MaskViewModel(bench);
    }

    /** Where an analysis is chosen from elsewhere. */
    AnalysesViewModel analyses() {
        return analyses;
    }

    /** Where a mask file goes that is dropped on the window. */
    MaskViewModel mask() {
        return mask;
    }

    List<ViewSpec> all() {
        return List.of(
                view(
                        "explore",
                        "mdi2c-compass-outline",
                        empty -> new ExploreView(explore, empty, new HeadInspector(attention))),
                view("patch", "mdi2s-swap-horizontal", empty -> new PatchView(new PatchViewModel(bench), empty)),
                view(
                        "attribute",
                        "mdi2c-chart-waterfall",
                        empty -> new AttributeView(new AttributeViewModel(bench), empty)),
                view("detect", "mdi2r-radar", empty -> new DetectView(new DetectViewModel(bench), empty)),
                view("attention", "mdi2e-eye-outline", empty -> new AttentionView(attention, empty)),
                view("lens", "mdi2l-layers-search-outline", empty -> new LensView(new LensViewModel(bench), empty)),
                view("circuit", "mdi2g-graph-outline", empty -> new CircuitView(new CircuitViewModel(bench), empty)),
                view(MASK, "mdi2c-checkerboard", empty -> new MaskView(mask, empty)),
                view("lessons", "mdi2s-school-outline", empty -> new LessonsView(lessons())),
                view(ANALYSES, "mdi2f-flask-outline", empty -> new AnalysesView(analyses, empty)),
                view("history", "mdi2h-history", empty -> new HistoryView(new HistoryViewModel(bench.services()))));
    }

    private LessonsViewModel lessons() {
        return new LessonsViewModel(
                new LessonsViewModel.Tools(bench, explore, attention, analyses),
                LessonShelf.of(
                        services.assets(), services.home(), bench.services().analyses()),
                services.home());
    }

    /** Makes a view around what it shows while no model is open. */
    @FunctionalInterface
    private interface Maker {
        WorkView of(Node empty);
    }

    private ViewSpec view(String id, String icon, Maker maker) {
        Supplier<WorkView> factory = () -> maker.of(emptyState(id, icon));
        return new ViewSpec(id, icon, factory);
    }

    private Node emptyState(String id, String icon) {
        return new EmptyState(
                icon,
                Messages.get("view.noModel"),
                Messages.get("view." + id + ".purpose"),
                services.commands().require("file.openModel"));
    }
}
