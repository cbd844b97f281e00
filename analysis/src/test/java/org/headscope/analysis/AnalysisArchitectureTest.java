package org.headscope.analysis;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The dependency table of the design, for module analysis. */
@AnalyzeClasses(packages = "org.headscope.analysis", importOptions = ImportOption.DoNotIncludeTests.class)
class AnalysisArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoToolkitAndNoApp = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "org.controlsfx..", "java.awt..", "javax.swing..", "org.headscope.app..");

    @ArchTest
    static final ArchRule nd4jStaysBehindItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackage("org.headscope.analysis.linalg..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule sqlStaysInTheStore = noClasses()
            .that()
            .resideOutsideOfPackage("org.headscope.analysis.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule theEngineIsNotNamed =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ai.djl.pytorch..");

    @ArchTest
    static final ArchRule jacksonIsTheOnlyJson =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.gson..", "org.nd4j.shade..");

    @ArchTest
    static final ArchRule slf4jIsTheOnlyLogging = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ch.qos.logback..", "org.apache.log4j..", "org.apache.logging..", "org.apache.commons.logging..");

    @ArchTest
    static final ArchRule noJavaUtilLogging = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule noStandardStreams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule threadsBelongToTheJobRunner =
            noClasses().should().callConstructorWhere(target(owner(assignableTo(Thread.class))));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.headscope.analysis.(*)..").should().beFreeOfCycles();
}
