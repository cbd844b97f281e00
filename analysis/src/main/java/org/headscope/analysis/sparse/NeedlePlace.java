package org.headscope.analysis.sparse;

import org.headscope.analysis.task.EncodedExample;

/** Finds the answer in a text that hides it. */
final class NeedlePlace {
    /** Words of the question that stand before the answer in the text too: the name and the verb. */
    private static final int CUE = 2;

    private NeedlePlace() {}

    /** Position of the answer behind the words that end the question, or -1 when it is not there. */
    static int of(EncodedExample example) {
        int[] ids = example.clean();
        for (int p = ids.length - 1; p >= CUE; p--) {
            boolean cued = true;
            for (int back = 1; back <= CUE; back++) {
                cued &= ids[p - back] == ids[ids.length - back];
            }
            if (cued && example.isRight(ids[p])) {
                return p;
            }
        }
        return -1;
    }
}
