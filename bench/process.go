package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a child, the head of a process group, that dies with this one.
type process struct {
	name    string
	command *exec.Cmd
	log     string // file of its standard error and output
	exited  chan struct{}
	signal  syscall.Signal // asks it to end
}

// startProcess starts a child whose output goes to the file log.
func startProcess(name, log string, command *exec.Cmd, credential *syscall.Credential) (*process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT, Credential: credential}
	p := &process{name: name, command: command, log: log, exited: make(chan struct{}), signal: syscall.SIGINT}
	failed := make(chan error, 1)
	go func() {
		// The signal of a parent's death is that of the thread that started it.
		runtime.LockOSThread()
		err := command.Start()
		failed <- err
		if err == nil {
			_ = command.Wait() // how it ended is in its log
			close(p.exited)
		}
	}()
	if err := <-failed; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

func (p *process) pid() int { return p.command.Process.Pid }

// stop ends the process and all of its group.
func (p *process) stop() {
	_ = p.command.Process.Signal(p.signal)
	select {
	case <-p.exited:
	case <-time.After(10 * time.Second):
	}
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL) // what is left of the group, if anything
	<-p.exited
}

// await calls ready until it returns nil or the process ends.
func (p *process) await(ready func() error) error {
	var err error
	for began := time.Now(); time.Since(began) < time.Minute; {
		if err = ready(); err == nil {
			return nil
		}
		select {
		case <-p.exited:
			text, _ := os.ReadFile(p.log)
			return fmt.Errorf("%s ended:\n%s", p.name, text)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s does not answer: %w", p.name, err)
}
