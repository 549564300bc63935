! Runs the RK4 step of Pyticles, which is not part of this project, on the case of
! lagrangian-throughput.ts, whose text says how. Linked with Pyticles' own pyticles_3d_sig_sa.F.
!
!   ./pyticles FOLDER
!
! Reads FOLDER/setup.txt and the .f64 files beside it as lagrangian-reference.c does, writes
! FOLDER/out-pyticles.f64 and prints processor seconds of the steps. Pyticles counts x and y from
! half a cell below ours, has sinking in its vertical velocity, and clamps levels after each step.
program pyticles
  implicit none
  integer :: nx, ny, nz, np, ns, n, unit
  real(8) :: dt, span, sinking, share, before, after
  real(8), allocatable, dimension(:, :, :, :) :: u, v, w, dz
  real(8), allocatable, dimension(:, :) :: pm, pn, mask, particles
  real(8), allocatable, dimension(:) :: px, py, pz, dx, dy, dlevel
  character(4096) :: folder

  call get_command_argument(1, folder)
  open (newunit=unit, file=trim(folder)//'/setup.txt', status='old')
  read (unit, *) nx, ny, nz, np, ns, dt, span, sinking
  close (unit)
  allocate (u(nx - 1, ny, nz, 2), v(nx, ny - 1, nz, 2), w(nx, ny, nz + 1, 2), dz(nx, ny, nz, 2))
  allocate (pm(nx, ny), pn(nx, ny), mask(nx, ny), particles(3, np))
  allocate (px(np), py(np), pz(np), dx(np), dy(np), dlevel(np))
  call load('u0', size(u)/2, u(:, :, :, 1))
  call load('u1', size(u)/2, u(:, :, :, 2))
  call load('v0', size(v)/2, v(:, :, :, 1))
  call load('v1', size(v)/2, v(:, :, :, 2))
  call load('w0', size(w)/2, w(:, :, :, 1))
  call load('w1', size(w)/2, w(:, :, :, 2))
  call load('dz0', size(dz)/2, dz(:, :, :, 1))
  call load('dz1', size(dz)/2, dz(:, :, :, 2))
  call load('pm', size(pm), pm)
  call load('pn', size(pn), pn)
  call load('particles', size(particles), particles)
  mask = 1
  w = w - sinking
  px = particles(1, :) - 0.5d0
  py = particles(2, :) - 0.5d0
  pz = particles(3, :)

  share = dt/span
  call cpu_time(before)
  do n = 0, ns - 1
    call timestep_RK4(px, py, pz, u, v, w, [0, 1], n*share, share, pm, pn, mask, dz, dt, 0, np, &
                      0, 0, 0, nx, ny, nz, np, dx, dy, dlevel)
    pz = min(max(pz, 0.01d0), nz - 0.01d0)
  end do
  call cpu_time(after)
  print '(f0.6)', after - before

  particles(1, :) = px + 0.5d0
  particles(2, :) = py + 0.5d0
  particles(3, :) = pz
  open (newunit=unit, file=trim(folder)//'/out-pyticles.f64', access='stream', form='unformatted')
  write (unit) particles
  close (unit)

contains

  subroutine load(name, length, values)
    character(*), intent(in) :: name
    integer, intent(in) :: length
    real(8), intent(out) :: values(length)
    integer :: file
    open (newunit=file, file=trim(folder)//'/'//name//'.f64', access='stream', &
          form='unformatted', status='old')
    read (file) values
    close (file)
  end subroutine load
end program pyticles
