package org.headscope.app;

import org.headscope.app.action.CommandRegistry;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.job.JobRunner;
import org.headscope.app.theme.ThemeManager;

/**
 * What every part of the window may need, made once when the window opens.
 *
 * @param assets files shipped with the program
 * @param home files of the user
 * @param jobs runs work in the background
 * @param themes the look of every scene
 * @param commands what a person can ask for
 * @param dialogs questions and notices
 */
public record AppServices(
        Assets assets, UserHome home, JobRunner jobs, ThemeManager themes, CommandRegistry commands, Dialogs dialogs) {}
