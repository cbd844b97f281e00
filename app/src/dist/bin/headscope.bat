@echo off
rem Starts Headscope: with arguments the command line, without any the window.
rem HEADSCOPE_OPTS holds extra options for the Java virtual machine, for example -Xmx6g.
setlocal EnableExtensions DisableDelayedExpansion

for %%d in ("%~dp0..") do set "DIST=%%~fd"
if not exist "%DIST%\lib\headscope.jar" (
    echo headscope: "%DIST%\lib\headscope.jar" is missing. Unpack or build the distribution again. 1>&2
    exit /b 1
)

set "JAVA_EXE="
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" call :consider "%JAVA_HOME%\bin\java.exe"
if not defined JAVA_EXE for %%j in (java.exe) do if not "%%~$PATH:j" == "" call :consider "%%~$PATH:j"
if not defined JAVA_EXE (
    echo headscope: Java 17 or newer is needed; install one or set JAVA_HOME to it. 1>&2
    exit /b 1
)

"%JAVA_EXE%" -Xms32m -Xmx2g -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto ^
    -Dfile.encoding=UTF-8 -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
    "-Dheadscope.home.dist=%DIST%" "-Dheadscope.assets=%DIST%\assets" ^
    %HEADSCOPE_OPTS% -cp "%DIST%\lib\headscope.jar" org.headscope.app.Launcher %*
exit /b %ERRORLEVEL%

rem Takes the given java.exe when its feature release is 17 or later (Java 8 and before call themselves 1.x).
:consider
set "RELEASE="
for /f "tokens=3" %%v in ('call "%~1" -version 2^>^&1 ^| findstr /i /c:" version "') do if not defined RELEASE set "RELEASE=%%~v"
for /f "tokens=1 delims=.-+_" %%m in ("%RELEASE%") do set "RELEASE=%%m"
if not defined RELEASE exit /b 0
if %RELEASE% GEQ 17 set "JAVA_EXE=%~1"
exit /b 0
