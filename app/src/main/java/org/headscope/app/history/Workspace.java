package org.headscope.app.history;

import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.files.UserHome;

/** Where this user's history is kept. */
public final class Workspace {
    private static final String FILE = "workspace.db";

    private Workspace() {}

    /** Opens this user's workspace; the caller closes it. */
    public static WorkspaceStore open() {
        return WorkspaceStore.open(UserHome.locate().root().resolve(FILE));
    }
}
