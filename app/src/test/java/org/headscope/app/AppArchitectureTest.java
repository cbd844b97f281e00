package org.headscope.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import javafx.application.Platform;
import org.jspecify.annotations.NullMarked;

/** The dependency table of the design, for module app. */
@AnalyzeClasses(packages = "org.headscope.app", importOptions = ImportOption.DoNotIncludeTests.class)
class AppArchitectureTest {
    private static final String CLI = "org.headscope.app.cli..";
    private static final String JOBS = "org.headscope.app.job..";
    private static final DescribedPredicate<JavaClass> LIVE_IN_NULL_MARKED_PACKAGE =
            DescribedPredicate.describe("live in a package that is marked @NullMarked", type -> type.getPackage()
                    .isAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule theEngineIsNotNamed =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ai.djl.pytorch..");

    @ArchTest
    static final ArchRule databaseAndLinearAlgebraBelongToTheAnalyses =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("java.sql..", "org.sqlite..", "org.nd4j..");

    @ArchTest
    static final ArchRule theCommandLineNeedsNoToolkit = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..", "org.kordamp..");

    @ArchTest
    static final ArchRule onlyTheCommandLineAndTheLauncherWriteToStandardStreams = noClasses()
            .that(DescribedPredicate.not(resideInAPackage(CLI)).and(DescribedPredicate.not(type(Launcher.class))))
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule slf4jIsTheOnlyLogging = noClasses()
            .that(DescribedPredicate.not(type(Launcher.class)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.util.logging..",
                    "ch.qos.logback..",
                    "org.apache.log4j..",
                    "org.apache.logging..",
                    "org.apache.commons.logging..");

    @ArchTest
    static final ArchRule jacksonIsTheOnlyJson =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.gson..", "org.nd4j.shade..");

    @ArchTest
    static final ArchRule threadsBelongToTheJobRunner = noClasses()
            .that()
            .resideOutsideOfPackage(JOBS)
            .should()
            .callConstructorWhere(DescribedPredicate.describe(
                    "a thread is made", call -> call.getTargetOwner().isAssignableTo(Thread.class)));

    @ArchTest
    static final ArchRule oneClassHandsWorkToTheToolkitThread = noClasses()
            .that()
            .doNotHaveSimpleName("FxExecutor")
            .should()
            .callMethod(Platform.class, "runLater", Runnable.class);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(ArchCondition.from(LIVE_IN_NULL_MARKED_PACKAGE));
}
