package org.headscope.app;

import java.util.List;
import javafx.scene.Node;
import org.headscope.app.analyses.AnalysesView;
import org.headscope.app.analyses.AnalysesViewModel;
import org.headscope.app.attention.AttentionView;
import org.headscope.app.attention.AttentionViewModel;
import org.headscope.app.attention.HeadInspector;
import org.headscope.app.explore.ExploreView;
import org.headscope.app.explore.ExploreViewModel;
import org.headscope.app.historyview.HistoryView;
import org.headscope.app.historyview.HistoryViewModel;
import org.headscope.app.maskview.MaskView;
import org.headscope.app.maskview.MaskViewModel;
import org.headscope.app.patch.PatchView;
import org.headscope.app.patch.PatchViewModel;
import org.headscope.app.text.Messages;
import org.headscope.app.window.EmptyState;
import org.headscope.app.window.ViewSpec;
import org.headscope.app.workbench.Workbench;

/** The views of the window, in the order of the navigation. A new view is one line here. */
final class Views {
    private Views() {}

    static List<ViewSpec> all(AppServices services, Workbench bench) {
        AttentionViewModel attention = new AttentionViewModel(bench);
        return List.of(
                new ViewSpec(
                        "explore",
                        "mdi2c-compass-outline",
                        () -> new ExploreView(
                                new ExploreViewModel(bench),
                                emptyState("explore", "mdi2c-compass-outline", services),
                                new HeadInspector(attention))),
                new ViewSpec(
                        "patch",
                        "mdi2s-swap-horizontal",
                        () -> new PatchView(
                                new PatchViewModel(bench), emptyState("patch", "mdi2s-swap-horizontal", services))),
                new ViewSpec(
                        "attention",
                        "mdi2e-eye-outline",
                        () -> new AttentionView(attention, emptyState("attention", "mdi2e-eye-outline", services))),
                new ViewSpec(
                        "analyses",
                        "mdi2f-flask-outline",
                        () -> new AnalysesView(
                                new AnalysesViewModel(bench), emptyState("analyses", "mdi2f-flask-outline", services))),
                new ViewSpec(
                        "mask",
                        "mdi2c-checkerboard",
                        () -> new MaskView(
                                new MaskViewModel(bench), emptyState("mask", "mdi2c-checkerboard", services))),
                new ViewSpec(
                        "history", "mdi2h-history", () -> new HistoryView(new HistoryViewModel(bench.services()))));
    }

    private static Node emptyState(String id, String icon, AppServices services) {
        return new EmptyState(
                icon,
                Messages.get("view.noModel"),
                Messages.get("view." + id + ".purpose"),
                services.commands().require("file.openModel"));
    }
}
