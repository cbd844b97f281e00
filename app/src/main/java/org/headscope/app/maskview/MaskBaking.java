package org.headscope.app.maskview;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.io.BakedMask;
import org.headscope.analysis.session.Session;
import org.headscope.app.workbench.OpenModel;

/**
 * A mask on its way into the weights of a copy of the checkpoint. Takes its time, so it belongs into a job.
 *
 * @param model the model
 * @param mask the mask
 * @param remove whether heads are cut out rather than set to zero
 */
record MaskBaking(OpenModel model, HeadMask mask, boolean remove) {
    /** Throws when it cannot be done, before anybody is asked for a folder. */
    boolean check() {
        return model.use(open -> {
            BakedMask.check(mask, open, remove);
            return true;
        });
    }

    /** Writes a new folder inside the one given. */
    BakedMask.Written write(Path parent) {
        Path folder = free(parent);
        return model.use(open -> remove
                ? BakedMask.writeRemoved(mask, open, Session.target(open), folder)
                : BakedMask.write(mask, open, Session.target(open), folder));
    }

    private Path free(Path parent) {
        String name = model.name().replaceAll("[^\\w.-]+", "-") + (remove ? "-removed" : "-masked");
        Path folder = parent.resolve(name);
        for (int number = 2; Files.exists(folder); number++) {
            folder = parent.resolve(name + "-" + number);
        }
        return folder;
    }
}
