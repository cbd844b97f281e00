package org.headscope.app.picture;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;

/** The files a picture is saved in. */
public enum PictureFormat {
    /** Pixels, two per unit of the drawing, so that print is sharp. */
    PNG,
    /** Shapes and text for browsers and drawing programs. */
    SVG,
    /** Shapes and text for papers. */
    PDF;

    /** Under this name every format carries where the numbers come from. */
    static final String PROVENANCE = "Provenance";

    private static final int SCALE = 2;

    /** @return the ending of its files, without the dot */
    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds the format a file is to have.
     *
     * @param file a name with one of the endings
     * @throws HeadscopeException when the ending is another one
     */
    public static PictureFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.endsWith("." + format.ending()))
                .findFirst()
                .orElseThrow(() -> new HeadscopeException(
                        "Pictures are saved as " + endings() + ", so '" + file + "' needs one of these endings."));
    }

    private static String endings() {
        return Arrays.stream(values()).map(format -> "." + format.ending()).collect(Collectors.joining(", "));
    }

    void write(Drawing drawing, String about, Path file) {
        AtomicFile.write(file, out -> {
            switch (this) {
                case PNG -> out.write(PngBytes.of(GraphicsSurface.image(drawing, SCALE), about));
                case SVG -> out.write(SvgSurface.document(drawing, about).getBytes(StandardCharsets.UTF_8));
                case PDF -> PdfSurface.write(drawing, about, out);
            }
        });
    }
}
