package org.headscope.app.dialog;

import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.Node;

/** Questions and notices, behind an interface so that view models can be tested without a window. */
public interface Dialogs {
    /**
     * Asks for an existing folder.
     *
     * @param title what it is for
     * @return the folder, empty when the person changed their mind
     */
    Optional<Path> chooseFolder(String title);

    /**
     * Asks for an existing file.
     *
     * @param title what it is for
     * @param type what kind of file
     */
    Optional<Path> openFile(String title, FileType type);

    /**
     * Asks where to write a file; replacing an existing one was agreed to when this returns.
     *
     * @param title what it is for
     * @param suggestion a file name to begin with
     * @param type what kind of file
     */
    Optional<Path> saveFile(String title, String suggestion, FileType type);

    /**
     * Asks before doing something that cannot be undone.
     *
     * @param question what will happen
     * @param agree the word on the button that does it
     */
    boolean confirm(String question, String agree);

    /**
     * Tells something that needs no answer.
     *
     * @param title what it is about
     * @param text what there is to say
     */
    void notice(String title, String text);

    /**
     * Shows something that stays until it is closed.
     *
     * @param title what it is
     * @param content what is shown
     */
    void show(String title, Node content);

    /**
     * Tells of a failure, with the details on request and in the log. Returns at once; may be called from any thread.
     *
     * @param doing what was being done, such as the title of a job
     * @param failure what went wrong
     */
    void failure(String doing, Throwable failure);

    /**
     * A kind of file.
     *
     * @param label its name for people
     * @param ending its ending without the dot
     */
    record FileType(String label, String ending) {}
}
