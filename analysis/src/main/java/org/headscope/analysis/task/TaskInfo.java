package org.headscope.analysis.task;

/**
 * What a task is.
 *
 * @param id short name for command lines and files
 * @param title for people
 * @param asks what the model has to do, in a sentence
 * @param source where the task comes from
 */
public record TaskInfo(String id, String title, String asks, String source) {}
