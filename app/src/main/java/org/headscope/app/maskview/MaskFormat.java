package org.headscope.app.maskview;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.mask.io.NpyMask;
import org.headscope.analysis.mask.io.PrunedHeads;
import org.headscope.analysis.mask.io.PythonMask;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.hooks.io.JsonFile;

/** The files a mask is written to and read from. */
public enum MaskFormat {
    /** Everything a mask is, for Headscope and for people. */
    JSON("json"),
    /** A matrix of what is kept, for NumPy and for {@code head_mask} of Hugging Face. */
    NPY("npy"),
    /** Hugging Face's list of removed heads. */
    PRUNED_HEADS("json"),
    /** Hooks for models of transformers and TransformerLens. */
    PYTHON("py");

    private final String ending;

    MaskFormat(String ending) {
        this.ending = ending;
    }

    /** @return what it is called */
    public String label() {
        return switch (this) {
            case JSON -> Messages.get("mask.format.json");
            case NPY -> Messages.get("mask.format.npy");
            case PRUNED_HEADS -> Messages.get("mask.format.pruned");
            case PYTHON -> Messages.get("mask.format.python");
        };
    }

    FileType type() {
        return new FileType(label(), ending);
    }

    String suggestion() {
        return (this == PRUNED_HEADS ? "pruned_heads." : "mask.") + ending;
    }

    /** Writes the mask of some settings and returns what the format cannot carry. */
    List<String> write(RunSettings settings, OpenModel model, Path file) {
        HeadMask mask = settings.mask();
        return switch (this) {
            case JSON -> {
                MaskJson.write(MaskJson.write(mask, settings.sources(), MaskViewModel.target(model)), file);
                yield List.of();
            }
            case NPY -> NpyMask.write(mask, file);
            case PRUNED_HEADS -> PrunedHeads.write(mask, file);
            case PYTHON ->
                model.use(open -> {
                    PythonMask.write(mask, open, file);
                    return List.of();
                });
        };
    }

    /** Reads a mask of any of the formats, told apart by the ending and, for JSON, by what is inside. */
    static ImportedMask read(Path file, MaskTarget target) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            return new ImportedMask(NpyMask.read(file, target.shape(), MaskSetting.ZERO));
        }
        return isPrunedHeads(file)
                ? new ImportedMask(PrunedHeads.read(file, target.shape(), MaskSetting.ZERO))
                : MaskJson.read(file, target, HashCheck.WARN);
    }

    /** What cannot be read is left to the reader of masks, which says what is wrong with it. */
    private static boolean isPrunedHeads(Path file) {
        try {
            return !JsonFile.readObject(file).has("format");
        } catch (IOException e) {
            return false;
        }
    }
}
