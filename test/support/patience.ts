// A step of the life cycle takes minutes on a cold machine, where Kubernetes is built first.
jest.setTimeout(45 * 60 * 1000);
