package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** Carries the residual stream past a block: remembers it on entry, puts it back on exit. Made anew for every run. */
final class SkipBlock {
    private final String label;
    private final int layer;
    private final SiteKind end;
    private @Nullable NDArray entry;
    private int entryFirst;

    SkipBlock(String label, int layer, SiteKind end) {
        this.label = label;
        this.layer = layer;
        this.end = end;
    }

    /** {@return the edit that remembers} */
    SiteEdit reader() {
        return new Part(HookSite.of(SiteKind.RESID_PRE, layer), List.of()) {
            @Override
            public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
                entry = value;
                entryFirst = point.context().first();
                return value;
            }
        };
    }

    /** {@return the edit that puts back} */
    SiteEdit writer() {
        return new Part(HookSite.of(end, layer), List.of(label)) {
            @Override
            public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
                NDArray before = entryRows(value, point);
                book.fired(label, value, before);
                return before;
            }
        };
    }

    private NDArray entryRows(NDArray value, HookPoint point) {
        if (entry == null) {
            throw new HeadscopeException("Block " + layer + " was entered behind its start, so it cannot be skipped.");
        }
        long from = point.context().first() - entryFirst;
        long rows = value.getShape().get(1);
        NDArray alias = Alias.of(entry, value.getManager());
        return rows == entry.getShape().get(1)
                ? alias
                : alias.get(new NDIndex().addAllDim().addSliceDim(from, from + rows));
    }

    private abstract static class Part implements SiteEdit {
        private final HookSite site;
        private final List<String> labels;

        private Part(HookSite site, List<String> labels) {
            this.site = site;
            this.labels = labels;
        }

        @Override
        public HookSite site() {
            return site;
        }

        @Override
        public boolean batchable() {
            return true;
        }

        @Override
        public List<String> labels() {
            return labels;
        }
    }
}
