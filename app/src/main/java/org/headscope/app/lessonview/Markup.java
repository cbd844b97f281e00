package org.headscope.app.lessonview;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/** Paragraphs with {@code **bold**} and {@code `code`}. */
final class Markup {
    private static final Pattern MARKED = Pattern.compile("\\*\\*(.+?)\\*\\*|`(.+?)`");

    private Markup() {}

    /** Sets a paragraph. */
    static TextFlow flow(String paragraph) {
        TextFlow flow = new TextFlow();
        flow.getStyleClass().add("lesson-paragraph");
        flow.getChildren().addAll(pieces(paragraph));
        flow.setAccessibleText(plain(paragraph));
        return flow;
    }

    /** The same without marks. */
    static String plain(String paragraph) {
        return MARKED.matcher(paragraph).replaceAll("$1$2");
    }

    private static List<Text> pieces(String paragraph) {
        List<Text> pieces = new ArrayList<>();
        Matcher matcher = MARKED.matcher(paragraph);
        int end = 0;
        while (matcher.find()) {
            pieces.add(piece(paragraph.substring(end, matcher.start()), "plain"));
            pieces.add(matcher.group(1) != null ? piece(matcher.group(1), "strong") : piece(matcher.group(2), "code"));
            end = matcher.end();
        }
        pieces.add(piece(paragraph.substring(end), "plain"));
        pieces.removeIf(piece -> piece.getText().isEmpty());
        return pieces;
    }

    private static Text piece(String words, String style) {
        Text text = new Text(words);
        text.getStyleClass().addAll("lesson-text", style);
        return text;
    }
}
