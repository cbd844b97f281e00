package org.headscope.app.testing;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.image.WritableImage;
import javax.imageio.ImageIO;
import org.testfx.util.WaitForAsyncUtils;

/** Pictures of windows, for people to look at and for the documentation. */
public final class Screenshots {
    /** System property naming the folder; {@code target/screenshots} without it. */
    public static final String PROPERTY = "headscope.screenshots";

    private Screenshots() {}

    /**
     * Takes a picture of a whole scene.
     *
     * @param scene what to show
     * @param name file name without ending
     * @return the file
     */
    public static Path take(Scene scene, String name) throws IOException {
        WaitForAsyncUtils.waitForFxEvents();
        WritableImage picture = WaitForAsyncUtils.waitForAsyncFx(10_000, () -> scene.snapshot(null));
        BufferedImage image = SwingFXUtils.fromFXImage(picture, null);
        Path folder = Path.of(System.getProperty(PROPERTY, "target/screenshots"));
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }
}
